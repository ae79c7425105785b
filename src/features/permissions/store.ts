import { and, eq, getTableColumns, isNotNull, type SQL, sql } from "drizzle-orm"
import { channels, messages, readPositions, serverMembers, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { conversationName, isConversation, otherInPair } from "./columns.ts"
import { ofMember, readableChannels } from "./scope.ts"
import {
  type AuthoredStanding,
  type Identity,
  type PairBlock,
  type Standing,
  standingOf,
} from "./standing.ts"

const viewerId = sql.placeholder("viewerId")
const id = sql.placeholder("id")

/** Joins the viewer's membership to statements over `servers`; no row when they are not a member. */
const ofViewer = and(eq(serverMembers.serverId, servers.id), eq(serverMembers.userId, viewerId))

const block = sql<PairBlock>`case when ${servers.pair} is null then null
  when ${isBlocked(viewerId, otherInPair(viewerId))} then 'byViewer'
  when ${isBlocked(otherInPair(viewerId), viewerId)} then 'byOther' end`

function isBlocked(by: SQL | typeof viewerId, who: SQL | typeof viewerId): SQL {
  return sql`exists (select 1 from blocks b where b.user_id = ${by} and b.blocked_id = ${who})`
}

const standingColumns = {
  kind: servers.kind,
  ownerId: servers.ownerId,
  isMember: isNotNull(serverMembers.userId).mapWith(Boolean),
}

const statements = prepare((db) => ({
  server: db
    .select({
      server: {
        id: servers.id,
        name: servers.name,
        ownerId: servers.ownerId,
        createdAt: servers.createdAt,
      },
      place: standingColumns,
    })
    .from(servers)
    .leftJoin(serverMembers, ofViewer)
    .where(eq(servers.id, id))
    .prepare(),
  channel: db
    .select({
      channel: {
        id: channels.id,
        serverId: channels.serverId,
        name: sql<string>`case when ${isConversation} and ${channels.parentId} is null then ${conversationName(viewerId)} else ${channels.name} end`,
        createdAt: channels.createdAt,
        isConversation,
        pair: servers.pair,
        seq: channels.seq,
        messageCount: channels.messageCount,
        readPosition: sql<number>`coalesce(${readPositions.position}, 0)`,
        /** How many of its messages the viewer has read. */
        readCount: sql<number>`coalesce(${readPositions.ordinal}, 0)`,
        serverName: servers.name,
        /** The message that a thread belongs to; `null` for other channels. */
        parentId: channels.parentId,
      },
      place: standingColumns,
      block,
    })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .leftJoin(serverMembers, ofViewer)
    .leftJoin(
      readPositions,
      and(eq(readPositions.channelId, channels.id), eq(readPositions.userId, viewerId)),
    )
    .where(eq(channels.id, id))
    .prepare(),
  message: db
    .select({
      message: { ...getTableColumns(messages), serverId: channels.serverId, username: users.username },
      place: standingColumns,
      block,
    })
    .from(messages)
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .leftJoin(serverMembers, ofViewer)
    .where(eq(messages.id, id))
    .prepare(),
  /** The columns that connecting needs, without those that only pages show. */
  channelPlace: db
    .select({ id: channels.id, serverId: channels.serverId, pair: servers.pair })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(eq(channels.id, id))
    .prepare(),
  member: db
    .select({ userId: serverMembers.userId })
    .from(serverMembers)
    .where(and(eq(serverMembers.serverId, id), eq(serverMembers.userId, viewerId)))
    .prepare(),
  serverIds: db
    .select({ serverId: serverMembers.serverId })
    .from(serverMembers)
    .where(eq(serverMembers.userId, viewerId))
    .prepare(),
  channelsOf: db
    .select({ userId: sql<string>`m.user_id`, channelId: sql<string>`c.id` })
    .from(sql`json_each(${sql.placeholder("userIds")}) p join ${readableChannels}`)
    .where(ofMember(sql`p.value`))
    .prepare(),
  block: db.select({ block }).from(servers).where(eq(servers.pair, id)).prepare(),
}))

/** A server, or the server that stores a conversation, with the viewer's standing. `undefined` when there is none. */
export function findServerAccess(db: Db, viewer: Identity, serverId: string) {
  const row = statements(db).server.get({ viewerId: viewer.id, id: serverId })
  return row && { server: row.server, standing: standingOf(viewer, row.place) }
}

/** A channel with the viewer's read position and standing. `undefined` when there is none. */
export function findChannelAccess(db: Db, viewer: Identity, channelId: string) {
  const row = statements(db).channel.get({ viewerId: viewer.id, id: channelId })
  return row && { channel: row.channel, standing: standingOf(viewer, row.place, row.block) }
}

/** A message with the viewer's standing. `undefined` when there is none. */
export function findMessageAccess(db: Db, viewer: Identity, messageId: string) {
  const row = statements(db).message.get({ viewerId: viewer.id, id: messageId })
  if (!row) return undefined

  const { message, place, block } = row
  const standing: AuthoredStanding = {
    ...standingOf(viewer, place, block),
    isAuthor: message.userId === viewer.id,
  }
  return { message, standing }
}

export type ServerAccess = NonNullable<ReturnType<typeof findServerAccess>>
export type ChannelAccess = NonNullable<ReturnType<typeof findChannelAccess>>
export type MessageAccess = NonNullable<ReturnType<typeof findMessageAccess>>
/** A channel with one viewer's read position. */
export type SeenChannel = ChannelAccess["channel"]

/** A channel's server and, in a conversation of two, its `pair`. */
export function findChannelPlace(db: Db, channelId: string) {
  return statements(db).channelPlace.get({ id: channelId })
}

/** The servers and conversations a user is a member of. */
export function listServerIds(db: Db, userId: string): string[] {
  return statements(db)
    .serverIds.all({ viewerId: userId })
    .map(({ serverId }) => serverId)
}

/** The ids of all channels that each user may read, without threads, by user id. */
export function listReadableChannels(db: Db, userIds: string[]): Map<string, string[]> {
  const rows = statements(db).channelsOf.all({ userIds: JSON.stringify([...new Set(userIds)]) })
  const channelsOf = Map.groupBy(rows, ({ userId }) => userId)
  return new Map(
    [...channelsOf].map(([userId, readable]) => [userId, readable.map(({ channelId }) => channelId)]),
  )
}

// These may also be called inside a commit, to check again what may have changed since the call was allowed.

/** Is the user a member of the server or conversation? */
export function isMember(db: Db, serverId: string, userId: string): boolean {
  return statements(db).member.get({ viewerId: userId, id: serverId }) !== undefined
}

/** A user's standing in a server; that of an outsider when there is no such server. */
export function findStanding(db: Db, user: Identity, serverId: string): Standing {
  const access = findServerAccess(db, user, serverId)
  return access?.standing ?? standingOf(user, { kind: "server", ownerId: "", isMember: false })
}

/** A user's standing in a conversation of two, given by its `pair`. */
export function findPairStanding(db: Db, userId: string, pair: string): Standing {
  const block = statements(db).block.get({ viewerId: userId, id: pair })?.block ?? null
  return standingOf({ id: userId }, { kind: "direct", ownerId: "", isMember: true }, block)
}
