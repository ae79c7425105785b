import { sql } from "drizzle-orm"
import {
  channelOverwrites,
  channels,
  memberRoles,
  messages,
  roles,
  serverMembers,
  servers,
  users,
} from "../../drizzle/schema.ts"
import type { Tx } from "../../src/db/database.ts"
import { refreshMember } from "../../src/features/permissions/derived.ts"

/** What the permissions of the member "me" depend on. */
export interface PermissionWorld {
  everyone: bigint
  roles: WorldRole[]
  overwrites: WorldOverwrite[]
  isMember: boolean
  isOwner: boolean
  isTimedOut: boolean
  /** Where they are asked for. */
  place: "server" | "channel" | "thread"
}

export interface WorldRole {
  name: string
  permissions: bigint
  /** "me" has it. */
  isHeld: boolean
}

export interface WorldOverwrite {
  /** "everyone", "me", "bob" or the name of a role. */
  target: string
  allow: bigint
  deny: bigint
}

/** Someone in every world, whose permissions are asked for; another member; and the owner where that is not "me". */
export const worldPeople = ["me", "bob", "boss"]

/** The ids of a world's rows. */
export function idsOfWorld(index: number) {
  const serverId = `world-${index}`
  return { serverId, channelId: `${serverId}-channel`, threadId: `${serverId}-thread` }
}

export async function insertWorldPeople(tx: Tx): Promise<void> {
  for (const id of worldPeople) {
    const username = `${id}-of-worlds`
    const email = `${username}@users.invalid`
    await tx.insert(users).values({ id, username, name: id, email, updatedAt: new Date() })
  }
}

/** Stores a world as a server with one channel and a thread in it. */
export async function insertWorld(tx: Tx, index: number, world: PermissionWorld): Promise<void> {
  const { serverId, channelId, threadId } = idsOfWorld(index)
  const ownerId = world.isOwner ? "me" : "boss"
  const roleId = (name: string) => `${serverId}-${name}`
  const timedOutUntil = world.isTimedOut ? new Date(Date.now() + 3_600_000) : null

  await tx.insert(servers).values({ id: serverId, name: serverId, ownerId })
  const everyone = { id: serverId, name: "@everyone", permissions: Number(world.everyone), position: 0 }
  const others = world.roles.map(({ name, permissions }, at) => ({
    ...{ id: roleId(name), name, permissions: Number(permissions), position: at + 1 },
  }))
  await tx.insert(roles).values([everyone, ...others].map((role) => ({ ...role, serverId })))
  const members = [...new Set([ownerId, "bob", ...(world.isMember ? ["me"] : [])])]
  await tx
    .insert(serverMembers)
    .values(
      members.map((userId) => ({ serverId, userId, timedOutUntil: userId === "me" ? timedOutUntil : null })),
    )
  const held = world.isMember ? world.roles.filter(({ isHeld }) => isHeld) : []
  const given = [
    ...held.map(({ name }) => ({ serverId, userId: "me", roleId: roleId(name) })),
    // Another member has all roles: they must not be taken for those of "me".
    ...world.roles.map(({ name }) => ({ serverId, userId: "bob", roleId: roleId(name) })),
  ]
  if (given.length > 0) await tx.insert(memberRoles).values(given)
  for (const userId of members) await refreshMember(tx, serverId, userId)

  await insertPlaces(tx, { serverId, channelId, threadId })
  for (const { target, allow, deny } of world.overwrites) {
    const kind = target === "everyone" ? "everyone" : worldPeople.includes(target) ? "member" : "role"
    const targetId = { everyone: serverId, member: target, role: roleId(target) }[kind]
    await tx.insert(channelOverwrites).values({
      ...{ channelId, targetId, kind, allow: Number(allow), deny: Number(deny) },
    } as const)
  }
}

async function insertPlaces(
  tx: Tx,
  { serverId, channelId, threadId }: ReturnType<typeof idsOfWorld>,
): Promise<void> {
  const parentId = `${serverId}-message`
  await tx.insert(channels).values({ id: channelId, serverId, name: "channel" })
  const message = { id: parentId, channelId, userId: "boss", content: "", position: 1, seq: 1 }
  await tx.insert(messages).values({ ...message, createdAt: new Date() })
  await tx.insert(channels).values({ id: threadId, serverId, name: "thread", parentId, rootId: channelId })
}

/** The stored permissions of all members of the worlds, by server and member. */
export async function readStored(tx: Pick<Tx, "all">): Promise<Map<string, bigint>> {
  const rows = await tx.all<{ key: string; permissions: number }>(
    sql`select server_id || ' ' || user_id as key, permissions from server_members`,
  )
  return new Map(rows.map(({ key, permissions }) => [key, BigInt(permissions)]))
}
