import { and, asc, eq, gt, inArray, isNull, sql } from "drizzle-orm"
import {
  categories,
  categoryOverwrites,
  channelOverwrites,
  channels,
  memberRoles,
  messages,
  profiles,
  reactions,
  roles,
  serverMembers,
  servers,
  users,
} from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { selectMessages } from "../messages/store.ts"

// What the archive of a server has, private channels included: only its owner gets it.

/** Messages of a channel that one statement returns. */
const pageSize = 200

const statements = prepare((db) => ({
  messages: selectMessages(db)
    .where(
      and(
        eq(messages.channelId, sql.placeholder("channelId")),
        gt(messages.position, sql.placeholder("after")),
        isNull(messages.deletedAt),
      ),
    )
    .orderBy(asc(messages.position))
    .limit(pageSize)
    .prepare(),
}))

/** The messages of a channel, oldest first, without deleted ones. */
export async function* pagesOfMessages(db: Db, channelId: string) {
  for (let after = 0; ; ) {
    const page = await statements(db).messages.all({ channelId, after })
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.position
  }
}

export async function findGuild(db: Db, serverId: string) {
  return db
    .select({
      id: servers.id,
      name: servers.name,
      description: servers.description,
      retentionDays: servers.retentionDays,
      fileRetentionDays: servers.fileRetentionDays,
      createdAt: servers.createdAt,
    })
    .from(servers)
    .where(and(eq(servers.id, serverId), eq(servers.kind, "server")))
    .get()
}

export async function listAllRoles(db: Db, serverId: string) {
  const rows = await db
    .select()
    .from(roles)
    .where(eq(roles.serverId, serverId))
    .orderBy(asc(roles.position), asc(roles.id))
    .all()
  return rows.map(({ serverId: _, permissions, ...role }) => ({ ...role, permissions: String(permissions) }))
}

export async function listAllCategories(db: Db, serverId: string) {
  const rows = await db
    .select()
    .from(categories)
    .where(eq(categories.serverId, serverId))
    .orderBy(asc(categories.position), asc(categories.id))
    .all()
  return rows.map(({ serverId: _, ...category }) => category)
}

/** Channels and threads, archived ones too. */
export async function listAllChannels(db: Db, serverId: string) {
  return db
    .select({
      id: channels.id,
      name: channels.name,
      topic: channels.topic,
      categoryId: channels.categoryId,
      categoryName: categories.name,
      /** For a thread: the message that it is on, and the channel that it is in. */
      parentId: channels.parentId,
      rootId: channels.rootId,
      position: channels.position,
      slowModeSeconds: channels.slowModeSeconds,
      retentionDays: channels.retentionDays,
      fileRetentionDays: channels.fileRetentionDays,
      lockedAt: channels.lockedAt,
      archivedAt: channels.archivedAt,
      createdAt: channels.createdAt,
    })
    .from(channels)
    .leftJoin(categories, eq(categories.id, channels.categoryId))
    .where(eq(channels.serverId, serverId))
    .orderBy(asc(channels.createdAt), asc(channels.id))
    .all()
}

export type StoredChannel = Awaited<ReturnType<typeof listAllChannels>>[number]

/** The overwrites of all channels and categories of a server. */
export async function listAllOverwrites(db: Db, serverId: string) {
  const ofChannels = await db
    .select({ placeId: channelOverwrites.channelId, overwrite: channelOverwrites })
    .from(channelOverwrites)
    .innerJoin(channels, eq(channels.id, channelOverwrites.channelId))
    .where(eq(channels.serverId, serverId))
    .all()
  const ofCategories = await db
    .select({ placeId: categoryOverwrites.categoryId, overwrite: categoryOverwrites })
    .from(categoryOverwrites)
    .innerJoin(categories, eq(categories.id, categoryOverwrites.categoryId))
    .where(eq(categories.serverId, serverId))
    .all()
  return [...ofChannels, ...ofCategories].map(({ placeId, overwrite }) => ({
    ...{ placeId, id: overwrite.targetId, kind: overwrite.kind },
    // As on the wire: bits are decimal texts.
    ...{ allow: String(overwrite.allow), deny: String(overwrite.deny) },
  }))
}

/** Members by id, with the ids of their roles. */
export async function pageOfMembers(db: Db, serverId: string, limit: number, offset: number) {
  const page = await db
    .select({
      id: users.id,
      username: users.username,
      displayName: users.displayName,
      nickname: serverMembers.nickname,
      botOwnerId: users.botOwnerId,
      joinedAt: serverMembers.joinedAt,
    })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .where(eq(serverMembers.serverId, serverId))
    .orderBy(asc(serverMembers.userId))
    .limit(limit)
    .offset(offset)
    .all()
  const held = await rolesOf(
    db,
    serverId,
    page.map(({ id }) => id),
  )
  return page.map(({ botOwnerId, ...member }) => ({
    ...member,
    isBot: botOwnerId !== null,
    roleIds: (held.get(member.id) ?? []).map(({ id }) => id),
  }))
}

/** The roles of some members, lowest first. */
async function rolesOf(db: Db, serverId: string, userIds: string[]) {
  if (userIds.length === 0) return new Map<string, HeldRole[]>()

  const rows = await db
    .select({
      userId: memberRoles.userId,
      id: roles.id,
      name: roles.name,
      color: roles.color,
      position: roles.position,
    })
    .from(memberRoles)
    .innerJoin(roles, eq(roles.id, memberRoles.roleId))
    .where(and(eq(memberRoles.serverId, serverId), inArray(memberRoles.userId, userIds)))
    .orderBy(asc(roles.position), asc(roles.id))
    .all()
  return Map.groupBy(rows, ({ userId }) => userId)
}

interface HeldRole {
  id: string
  name: string
  color: number
  position: number
}

/** What messages say about their authors, by id. */
export async function authorsOf(db: Db, serverId: string, userIds: string[]) {
  const ids = [...new Set(userIds)]
  const found = await db
    .select({
      id: users.id,
      username: users.username,
      displayName: users.displayName,
      botOwnerId: users.botOwnerId,
      nickname: serverMembers.nickname,
      avatarKeys: profiles.avatarKeys,
    })
    .from(users)
    .leftJoin(profiles, eq(profiles.userId, users.id))
    .leftJoin(serverMembers, and(eq(serverMembers.userId, users.id), eq(serverMembers.serverId, serverId)))
    .where(inArray(users.id, ids))
    .all()
  const held = await rolesOf(db, serverId, ids)
  return new Map(found.map((user) => [user.id, { ...user, roles: held.get(user.id) ?? [] }]))
}

export type Author = NonNullable<
  Awaited<ReturnType<typeof authorsOf>> extends Map<string, infer A> ? A : never
>

/** Who chose which emoji, by message. */
export async function reactorsOf(db: Db, messageIds: string[]) {
  if (messageIds.length === 0) return new Map<string, { emoji: string; id: string; username: string }[]>()

  const rows = await db
    .select({
      messageId: reactions.messageId,
      emoji: reactions.emoji,
      id: users.id,
      username: users.username,
    })
    .from(reactions)
    .innerJoin(users, eq(users.id, reactions.userId))
    .where(inArray(reactions.messageId, messageIds))
    .orderBy(asc(reactions.createdAt), asc(reactions.userId), asc(reactions.emoji))
    .all()
  return Map.groupBy(rows, ({ messageId }) => messageId)
}
