import { recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { updateAdministrator } from "../instance/setting-up.ts"
import { isAdministrator, isLastAdministrator } from "../permissions/administrators.ts"
import { findRolesFor } from "../permissions/mapped-roles.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import { watchViewers } from "../permissions/viewers.ts"
import { deleteHolding, insertHolding } from "../roles/store.ts"
import type { StoredProvider } from "./store.ts"

interface Person {
  id: string
  username: string
}

type Mapping = Pick<StoredProvider, "name" | "groupsClaim" | "groupRoles">

/**
 * Gives a person what the provider's groups give them, and takes what they no longer give. Touches only what the provider
 * names. Returns the resources that changed. Call it in the commit of a sign-in.
 */
export async function applyGroups(
  changes: ChangeSet,
  person: Person,
  provider: Mapping,
  groups: readonly string[],
): Promise<Resource[]> {
  const { groupsClaim, groupRoles } = provider
  if (groupsClaim === "" || groupRoles.length === 0) return []

  const held = new Set(groups)
  const given = groupRoles.filter(({ group }) => held.has(group))
  const reason = `Groups at ${provider.name}`
  await applyAdministration(changes, person, { ...provider, given, reason })
  return applyRoles(changes, person, { groupRoles, given, reason })
}

interface Given {
  groupRoles: Mapping["groupRoles"]
  /** Those of the person's groups. */
  given: Mapping["groupRoles"]
  reason: string
}

async function applyAdministration({ tx }: ChangeSet, person: Person, { groupRoles, given, reason }: Given) {
  if (!groupRoles.some(({ administrator }) => administrator)) return

  const isWanted = given.some(({ administrator }) => administrator)
  if ((await isAdministrator(tx, person.id)) === isWanted) return
  // Without any, nobody could put it right.
  if (!isWanted && (await isLastAdministrator(tx, person.id))) return

  await updateAdministrator(tx, person.id, isWanted)
  const action = isWanted ? "person.administrator" : "person.noAdministrator"
  const target = { id: person.id, name: person.username }
  await recordInstanceAct(tx, { actor: person, action, target, reason })
}

async function applyRoles(
  changes: ChangeSet,
  person: Person,
  { groupRoles, given, reason }: Given,
): Promise<Resource[]> {
  const { tx } = changes
  const named = groupRoles.flatMap(({ roleId }) => roleId ?? [])
  const wanted = new Set(given.flatMap(({ roleId }) => roleId ?? []))
  const changed = new Set<Resource>()
  const all = named.length > 0 ? await findRolesFor(tx, person.id, named) : []
  for (const { roleId, roleName, serverId, isHeld } of all) {
    if (wanted.has(roleId) === isHeld) continue

    const holding = { serverId, userId: person.id, roleId }
    const write = isHeld ? deleteHolding : insertHolding
    await watchViewers(changes, { serverId, userId: person.id }, () => write(tx, holding))
    const side = isHeld ? "before" : "after"
    await recordAct(tx, {
      ...{ serverId, actor: person, action: "member.roles", reason },
      target: { id: person.id, name: person.username },
      changes: { role: { [side]: { id: roleId, name: roleName } } },
    })
    for (const kind of ["roles", "members", "channels", "auditLog"] as const)
      changed.add(resource[kind](serverId))
    changed.add(resource.reading(person.id))
  }
  return [...changed]
}
