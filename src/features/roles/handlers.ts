import { Refusal } from "../../kernel/index.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { findMember } from "../members/store.ts"
import { assertAbove, assertMayChange } from "../permissions/grants.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { watchViewers } from "../permissions/viewers.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxRoles, type rolesContract } from "./contract.ts"
import { movedRoles } from "./positions.ts"
import { noSuchRole, requireRole } from "./require-role.ts"
import {
  countRoles,
  deleteHolding,
  deleteRole,
  insertHolding,
  insertRole,
  listRoles,
  updatePosition,
  updateRole,
} from "./store.ts"

const resourcesOf = ({ inputs: { serverId } }: { inputs: { serverId: string } }) => [
  resource.roles(serverId),
  resource.members(serverId),
  resource.channels(serverId),
  resource.auditLog(serverId),
]

/** A member's roles decide which mentions are of them. */
const ofHolding = (call: { inputs: { serverId: string; userId: string } }) => [
  ...resourcesOf(call),
  resource.reading(call.inputs.userId),
]

// Who may do it is decided inside the commit: the roles of the viewer may change until then.

export const rolesHandlers: Procedures<typeof rolesContract> = {
  getRoles: {
    resources: ({ inputs }) => [resource.roles(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId)
      return listRoles(derived.db, server.id)
    },
  },

  createRole: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, reason, ...fields } = inputs
      await requireServer(derived, viewer, serverId, "manageRoles")

      return derived.publisher.decide(async ({ tx }) => {
        const { standing } = await requireServer({ db: tx }, viewer, serverId, "manageRoles")
        if ((await countRoles(tx, serverId)) >= maxRoles)
          throw new Refusal(`A server has at most ${maxRoles} roles. Delete one first`, 400)
        assertMayChange(standing, 0n, BigInt(fields.permissions ?? 0))

        const id = crypto.randomUUID()
        const role = await insertRole(tx, { ...blank, ...given(fields), id, serverId })
        const changes = changesOf({}, given(fields))
        await recordAct(tx, { serverId, actor: viewer, action: "role.create", target: role, changes, reason })
        return role
      })
    },
  },

  updateRole: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, roleId, reason, ...fields } = inputs
      await requireRole(derived.db, viewer, inputs)

      return derived.publisher.decide(async (changes) => {
        const { tx } = changes
        const { standing, role, isEveryone } = await requireRole(tx, viewer, inputs)
        const changed = changesOf(role, given(fields))
        if (isEveryone && Object.keys(changed).some((field) => field !== "permissions"))
          throw new Refusal("Only the permissions of @everyone can be changed", 400)
        if (Object.keys(changed).length === 0) return role

        assertMayChange(standing, BigInt(role.permissions), BigInt(fields.permissions ?? role.permissions))
        const write = () => updateRole(tx, role, given(fields))
        const updated = changed.permissions
          ? await watchViewers(changes, { serverId, roleId }, write)
          : await write()
        await recordAct(tx, {
          ...{ serverId, actor: viewer, action: "role.update", target: role, changes: changed, reason },
        })
        return updated
      })
    },
  },

  deleteRole: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, roleId, reason } = inputs
      await requireRole(derived.db, viewer, inputs)

      await derived.publisher.decide(async (changes) => {
        const { tx } = changes
        const { role, isEveryone } = await requireRole(tx, viewer, inputs)
        if (isEveryone) throw new Refusal("@everyone cannot be deleted", 400)

        await watchViewers(changes, { serverId, roleId }, () => deleteRole(tx, role))
        const { id: _, serverId: __, ...before } = role
        const changed = Object.fromEntries(
          Object.entries(before).map(([name, value]) => [name, { before: value }]),
        )
        await recordAct(tx, {
          ...{ serverId, actor: viewer, action: "role.delete", target: role, changes: changed, reason },
        })
      })
      return null
    },
  },

  moveRoles: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, positions, reason } = inputs
      await requireServer(derived, viewer, serverId, "manageRoles")

      return derived.publisher.decide(async ({ tx }) => {
        const { standing } = await requireServer({ db: tx }, viewer, serverId, "manageRoles")
        const all = await listRoles(tx, serverId)
        const moves = checkedMoves(all, serverId, positions)
        const moved = movedRoles(
          all.filter(({ id }) => id !== serverId),
          moves,
        )
        for (const { role, position } of moved) {
          assertAbove(standing, role)
          assertAbove(standing, { position })
        }
        for (const { role, position } of moved) await updatePosition(tx, { id: role.id, position })
        // Of those that were asked for: the others only make room.
        for (const { role, position } of moved.filter(({ role }) => moves.some(({ id }) => id === role.id))) {
          const changes = { position: { before: role.position, after: position } }
          await recordAct(tx, {
            serverId,
            actor: viewer,
            action: "role.update",
            target: role,
            changes,
            reason,
          })
        }
        return listRoles(tx, serverId)
      })
    },
  },

  giveRole: {
    resources: ofHolding,
    async procedure({ inputs, derived }) {
      await changeHolding(derived, inputs, "give")
      return null
    },
  },

  takeRole: {
    resources: ofHolding,
    async procedure({ inputs, derived }) {
      await changeHolding(derived, inputs, "take")
      return null
    },
  },
}

const blank = { name: "New role", color: 0, hoist: false, mentionable: false, permissions: "0" }

/** Without the fields that were not given, which would overwrite others by `undefined`. */
function given<Fields extends Record<string, unknown>>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>
}

/** The moves without `@everyone`, which programs may list where it is. */
function checkedMoves(
  all: readonly { id: string }[],
  serverId: string,
  positions: readonly { id: string; position: number }[],
) {
  const known = new Set(all.map(({ id }) => id))
  if (positions.some(({ id }) => !known.has(id))) throw new Refusal(noSuchRole, 404)
  if (positions.some(({ id, position }) => (id === serverId) !== (position === 0)))
    throw new Refusal("@everyone stays at position 0, and the others are above it", 400)

  return positions.filter(({ id }) => id !== serverId)
}

interface Holding {
  serverId: string
  userId: string
  roleId: string
  reason?: string
}

async function changeHolding(derived: Derived, holding: Holding, act: "give" | "take"): Promise<void> {
  const viewer = derived.requireAuth()
  const { serverId, userId, reason } = holding
  await requireRole(derived.db, viewer, holding)

  await derived.publisher.decide(async (changes: ChangeSet) => {
    const { tx } = changes
    const { role, isEveryone } = await requireRole(tx, viewer, holding)
    if (isEveryone) throw new Refusal("All members have @everyone", 400)
    const member = await findMember(tx, serverId, userId)
    if (!member) throw new Refusal("There is no such member", 404)

    const write = act === "give" ? insertHolding : deleteHolding
    const isChanged = await watchViewers(changes, { serverId, userId }, () =>
      write(tx, { serverId, userId, roleId: role.id }),
    )
    if (!isChanged) return

    const side = act === "give" ? "after" : "before"
    await recordAct(tx, {
      ...{ serverId, actor: viewer, action: "member.roles", reason },
      target: { id: userId, name: member.username },
      changes: { role: { [side]: { id: role.id, name: role.name } } },
    })
  })
}
