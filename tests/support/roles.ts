import { insertMember } from "../../src/features/members/store.ts"
import { type Permission, permissionsOf } from "../../src/features/permissions/bits.ts"
import { appear, expectData, type Person, type TestChat } from "./chat.ts"

/** The bits of these permissions, as the contract writes them. */
export const bits = (...names: Permission[]) => String(permissionsOf(...names))

/** Someone new in alice's server. */
export async function joinLab(app: TestChat, username: string): Promise<Person> {
  const person = await appear(app.chat, username)
  await app.chat.commits.decide((tx) => insertMember(tx, app.lab.id, person.id))
  return person
}

/**
 * Alice's server with roles and people, from below: `low` and `bans`, which nobody has; `moderators` of mod, who may manage roles and
 * remove people; `admins` of admin; `top`, which nobody has.
 */
export async function createRoles(app: TestChat) {
  const { client } = app.cast.alice
  const serverId = app.lab.id
  const create = async (name: string, permissions: string) => {
    const created = expectData(await client.mutate("createRole", { serverId, name, permissions }))
    return { ...created, roleId: created.id }
  }
  // Each new one is below the others.
  const top = await create("top", "0")
  const admins = await create("admins", bits("administrator"))
  const moderators = await create("moderators", bits("manageRoles", "kickMembers"))
  const bans = await create("bans", bits("banMembers"))
  const low = await create("low", "0")
  const [mod, admin] = [await joinLab(app, "mod"), await joinLab(app, "admin")]
  expectData(await client.mutate("giveRole", { serverId, userId: mod.id, roleId: moderators.id }))
  expectData(await client.mutate("giveRole", { serverId, userId: admin.id, roleId: admins.id }))
  return { serverId, top, admins, moderators, bans, low, mod, admin, ...app.cast }
}

export type RolesWorld = Awaited<ReturnType<typeof createRoles>>
