import { and, eq, getTableColumns, isNotNull, or, sql } from "drizzle-orm"
import {
  blocks,
  channels,
  joinSettings,
  messages,
  readPositions,
  serverMembers,
  servers,
  users,
} from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { rowsAsJson, textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import { authorColumns, peopleNamed } from "../face-columns.ts"
import { readCountOf } from "../read-count.ts"
import { deniesEveryone, holdColumn, isConversation, orOfRoot, shownChannelName } from "./columns.ts"
import { otherOf } from "./pair.ts"
import { readableChannels } from "./scope.ts"
import {
  type AuthoredStanding,
  type Identity,
  outsider,
  type PairBlock,
  type PlaceRow,
  type Standing,
  standingOf,
} from "./standing.ts"

const viewerId = sql.placeholder("viewerId")
const id = sql.placeholder("id")

/** Joins the viewer's membership to statements over `servers`; no row when they are not a member. */
export const ofViewer = and(eq(serverMembers.serverId, servers.id), eq(serverMembers.userId, viewerId))

/** What `standingOf` needs, for statements over `servers` with the viewer's membership. */
export function standingColumns(db: Db) {
  return {
    kind: servers.kind,
    ownerId: servers.ownerId,
    pair: servers.pair,
    isMember: isNotNull(serverMembers.userId).mapWith(Boolean),
    base: serverMembers.permissions,
    timedOutUntil: serverMembers.timedOutUntil,
    rank: sql<number>`coalesce((
    select max(r.position) from member_roles mr join roles r on r.id = mr.role_id
    where mr.server_id = ${servers.id} and mr.user_id = ${viewerId}), 0)`,
    hold: holdColumn(db),
  }
}

/** For statements over a channel, too. */
function standingInChannel(db: Db) {
  return {
    ...standingColumns(db),
    isThread: isNotNull(channels.parentId).mapWith(Boolean),
    lockedAt: orOfRoot("locked_at", channels.lockedAt),
    archivedAt: orOfRoot("archived_at", channels.archivedAt),
    overwrites: rowsAsJson(
      db,
      { kind: sql`kind`, allow: sql`allow`, deny: sql`deny` },
      sql`select o.kind, o.allow, o.deny from channel_overwrites o
        where o.channel_id = coalesce(${channels.rootId}, ${channels.id})
        and (o.kind = 'everyone' or o.target_id = ${viewerId} or exists (
          select 1 from member_roles mr
          where mr.server_id = ${channels.serverId} and mr.user_id = ${viewerId} and mr.role_id = o.target_id))`,
    ),
  }
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
      place: standingColumns(db),
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
        name: shownChannelName(viewerId),
        createdAt: channels.createdAt,
        isConversation,
        pair: servers.pair,
        seq: channels.seq,
        messageCount: channels.messageCount,
        readPosition: sql<number>`coalesce(${readPositions.position}, 0)`,
        /** How many messages it has up to there. */
        readCount: sql<number>`coalesce(${readPositions.ordinal}, 0)`,
        unreadCount: sql<number>`${channels.messageCount} - ${readCountOf(readPositions)}`,
        serverName: servers.name,
        topic: channels.topic,
        categoryId: channels.categoryId,
        isArchived: isNotNull(channels.archivedAt).mapWith(Boolean),
        isPrivate: deniesEveryone("viewChannel", sql`${channels.id}`),
        isReadOnly: deniesEveryone("sendMessages", sql`${channels.id}`),
        /** The message that a thread belongs to; `null` for other channels. */
        parentId: channels.parentId,
        /** The channel whose overwrites apply: this one or, for a thread, the channel that it is in. */
        rootId: sql<string>`coalesce(${channels.rootId}, ${channels.id})`,
      },
      place: standingInChannel(db),
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
      message: {
        ...getTableColumns(messages),
        serverId: channels.serverId,
        username: users.username,
        ...authorColumns,
        names: peopleNamed,
      },
      place: standingInChannel(db),
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
    .select({
      id: channels.id,
      serverId: channels.serverId,
      pair: servers.pair,
      slowModeSeconds: channels.slowModeSeconds,
      /** Until then slow mode is on in every channel of the server. */
      raidLockedUntil: joinSettings.raidLockedUntil,
      rootId: sql<string>`coalesce(${channels.rootId}, ${channels.id})`,
    })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .leftJoin(joinSettings, eq(joinSettings.serverId, channels.serverId))
    .where(eq(channels.id, id))
    .prepare(),
  member: db
    .select({ userId: serverMembers.userId })
    .from(serverMembers)
    .where(and(eq(serverMembers.serverId, id), eq(serverMembers.userId, viewerId)))
    .prepare(),
  serverIds: db
    .select({ userId: serverMembers.userId, serverId: serverMembers.serverId })
    .from(serverMembers)
    .where(sql`${serverMembers.userId} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
  channelsOf: db
    .select({ userId: sql<string>`m.user_id`, channelId: sql<string>`c.id` })
    .from(readableChannels)
    .where(sql`m.user_id in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
  /** Blocks between two users. */
  blocks: db
    .select({ userId: blocks.userId })
    .from(blocks)
    .where(
      or(
        and(eq(blocks.userId, viewerId), eq(blocks.blockedId, id)),
        and(eq(blocks.userId, id), eq(blocks.blockedId, viewerId)),
      ),
    )
    .prepare(),
}))

const membershipsOf = gathered(
  (db, userIds) => statements(db).serverIds.all({ userIds: JSON.stringify(userIds) }),
  ({ userId }) => userId,
)

/** A server, or the server that stores a conversation, with the viewer's standing. `undefined` when there is none. */
export async function findServerAccess(db: Db, viewer: Identity, serverId: string) {
  const row = await statements(db).server.get({ viewerId: viewer.id, id: serverId })
  return row && { server: row.server, standing: await standingIn(db, viewer, row.place) }
}

/** A channel with the viewer's read position and standing. `undefined` when there is none. */
export async function findChannelAccess(db: Db, viewer: Identity, channelId: string) {
  const row = await statements(db).channel.get({ viewerId: viewer.id, id: channelId })
  return row && { channel: row.channel, standing: await standingIn(db, viewer, row.place) }
}

/** A message with the viewer's standing. `undefined` when there is none. */
export async function findMessageAccess(db: Db, viewer: Identity, messageId: string) {
  const row = await statements(db).message.get({ viewerId: viewer.id, id: messageId })
  if (!row) return undefined

  const { message, place } = row
  const standing: AuthoredStanding = {
    ...(await standingIn(db, viewer, place)),
    isAuthor: message.userId === viewer.id,
  }
  return { message, standing }
}

export type ServerAccess = NonNullable<Awaited<ReturnType<typeof findServerAccess>>>
export type ChannelAccess = NonNullable<Awaited<ReturnType<typeof findChannelAccess>>>
export type MessageAccess = NonNullable<Awaited<ReturnType<typeof findMessageAccess>>>
/** A channel with one viewer's read position. */
export type SeenChannel = ChannelAccess["channel"]

/** A channel's server and, in a conversation of two, its `pair`. */
export async function findChannelPlace(db: Db, channelId: string) {
  return statements(db).channelPlace.get({ id: channelId })
}

/** The servers and conversations a user is a member of. */
export async function listServerIds(db: Db, userId: string): Promise<string[]> {
  return (await membershipsOf(db, userId)).map(({ serverId }) => serverId)
}

/** The ids of all channels that each user may read, without threads, by user id. */
export async function listReadableChannels(db: Db, userIds: string[]): Promise<Map<string, string[]>> {
  const rows = await statements(db).channelsOf.all({ userIds: JSON.stringify([...new Set(userIds)]) })
  const channelsOf = Map.groupBy(rows, ({ userId }) => userId)
  return new Map(
    [...channelsOf].map(([userId, readable]) => [userId, readable.map(({ channelId }) => channelId)]),
  )
}

// These may also be called inside a commit, to check again what may have changed since the call was allowed.

/** Is the user a member of the server or conversation? */
export async function isMember(db: Db, serverId: string, userId: string): Promise<boolean> {
  return (await statements(db).member.get({ viewerId: userId, id: serverId })) !== undefined
}

/** A user's standing in a server; that of an outsider when there is no such server. */
export async function findStanding(db: Db, user: Identity, serverId: string): Promise<Standing> {
  const access = await findServerAccess(db, user, serverId)
  return access?.standing ?? outsider(user)
}

/** A user's standing in a conversation of two, given by its `pair`. */
export async function findPairStanding(db: Db, userId: string, pair: string): Promise<Standing> {
  const place = {
    kind: "direct",
    ownerId: "",
    pair,
    isMember: true,
    base: 0,
    rank: 0,
    timedOutUntil: null,
  } as const
  return standingIn(db, { id: userId }, place)
}

/** Blocks matter in conversations of two only, so they are not read elsewhere: they cost 7 µs of a message's 30. */
async function standingIn(
  db: Db,
  user: Identity,
  place: PlaceRow & { pair: string | null },
): Promise<Standing> {
  const block = place.pair === null ? null : await findBlock(db, user.id, otherOf(place.pair, user.id))
  return standingOf(user, place, block)
}

async function findBlock(db: Db, viewerId: string, otherId: string): Promise<PairBlock> {
  const found = await statements(db).blocks.all({ viewerId, id: otherId })
  if (found.length === 0) return null

  return found.some(({ userId }) => userId === viewerId) ? "byViewer" : "byOther"
}
