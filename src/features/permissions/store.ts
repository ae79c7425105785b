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

/** Joins the viewer's membership to statements over `servers`; there is no row when they are not a member. */
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
        /** Of a thread, the message it hangs on. */
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
  /** Where a channel is: what connecting needs of it, without what its pages show. */
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

/** A server, or the server that holds a conversation, with what a viewer is to it. `undefined` when there is none. */
export function findServerAccess(db: Db, viewer: Identity, serverId: string) {
  const found = statements(db).server.get({ viewerId: viewer.id, id: serverId })
  return found && { server: found.server, standing: standingOf(viewer, found.place) }
}

/** A channel as a viewer sees it, with what they are to it. `undefined` when there is none. */
export function findChannelAccess(db: Db, viewer: Identity, channelId: string) {
  const found = statements(db).channel.get({ viewerId: viewer.id, id: channelId })
  return found && { channel: found.channel, standing: standingOf(viewer, found.place, found.block) }
}

/** A message, with what a viewer is to it. `undefined` when there is none. */
export function findMessageAccess(db: Db, viewer: Identity, messageId: string) {
  const found = statements(db).message.get({ viewerId: viewer.id, id: messageId })
  if (!found) return undefined

  const { message, place, block } = found
  const standing: AuthoredStanding = {
    ...standingOf(viewer, place, block),
    isAuthor: message.userId === viewer.id,
  }
  return { message, standing }
}

export type ServerAccess = NonNullable<ReturnType<typeof findServerAccess>>
export type ChannelAccess = NonNullable<ReturnType<typeof findChannelAccess>>
export type MessageAccess = NonNullable<ReturnType<typeof findMessageAccess>>
/** A channel as one viewer sees it. */
export type SeenChannel = ChannelAccess["channel"]

/** Where a channel is, and, in a conversation of two, who they are. */
export function findChannelPlace(db: Db, channelId: string) {
  return statements(db).channelPlace.get({ id: channelId })
}

/** The servers and conversations a user is a member of. */
export function listServerIds(db: Db, userId: string): string[] {
  return statements(db)
    .serverIds.all({ viewerId: userId })
    .map(({ serverId }) => serverId)
}

/** By user, the ids of all channels they may read, without threads. */
export function listReadableChannels(db: Db, userIds: string[]): Map<string, string[]> {
  const rows = statements(db).channelsOf.all({ userIds: JSON.stringify([...new Set(userIds)]) })
  const channelsOf = Map.groupBy(rows, ({ userId }) => userId)
  return new Map([...channelsOf].map(([userId, all]) => [userId, all.map(({ channelId }) => channelId)]))
}

// What was allowed before a commit may have ended since: these are for asking again inside one, too.

/** Is that user in the server or conversation? */
export function isMember(db: Db, serverId: string, userId: string): boolean {
  return statements(db).member.get({ viewerId: userId, id: serverId }) !== undefined
}

/** What somebody is to a server; to one that is not there, what a stranger is. */
export function findStanding(db: Db, who: Identity, serverId: string): Standing {
  const access = findServerAccess(db, who, serverId)
  return access?.standing ?? standingOf(who, { kind: "server", ownerId: "", isMember: false })
}

/** What a member is to a conversation of two, who are named by its `pair`. */
export function findPairStanding(db: Db, userId: string, pair: string): Standing {
  const block = statements(db).block.get({ viewerId: userId, id: pair })?.block ?? null
  return standingOf({ id: userId }, { kind: "direct", ownerId: "", isMember: true }, block)
}
