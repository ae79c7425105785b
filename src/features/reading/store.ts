import { and, eq, gt, type SQL, sql } from "drizzle-orm"
import { messages, readPositions, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { rowsAsJson, textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import {
  type LevelColumns,
  levelChoicesOf,
  levelColumns,
  threadLevelColumns,
} from "../notification-levels/level-columns.ts"
import type { UserIdExpression } from "../permissions/columns.ts"
import { ofMember, readableChannels, rolesInServer } from "../permissions/scope.ts"
import { isAnyUnread, readCountOf } from "../read-count.ts"
import { maxCounted, type Unread } from "./contract.ts"

/** Channels with something unread that are told of at once. */
const maxListed = 1000

const viewerId = sql.placeholder("viewerId")

/**
 * How many messages of a channel `c` the viewer has not read, by their place `r` in it: a difference of two numbers,
 * however many there are.
 */
export const unreadCount = sql`case
  when ${isAnyUnread} then c.message_count - ${readCountOf()} else 0 end`

const isUnreadMention = sql`x.channel_id = c.id and x.position > coalesce(r.position, 0)`
const mostCounted = sql.raw(String(maxCounted))

/** Unread counts of a channel `c`, by its effective levels. */
function countsBy(
  { level, isMuted, isEveryoneSuppressed, areRolesSuppressed }: LevelColumns,
  viewer: UserIdExpression = viewerId,
) {
  const ofRole = rolesInServer(viewer)
  /**
   * The messages that mention the viewer by name, with all others, or by a role; and replies to them and messages with their
   * keywords, which the notifier found. A cross join, because otherwise SQLite may look through all mentions in the channel
   * for those of the roles.
   */
  const mentioning = sql`
    select x.message_id from mentions x
    where ${isUnreadMention} and x.user_id in (${viewer}, case when ${isEveryoneSuppressed} then '' else 'everyone' end)
    union all
    select x.message_id from ${ofRole.table} cross join mentions x
    where ${ofRole.isHeld} and ${isUnreadMention} and x.user_id = mr.role_id and not ${areRolesSuppressed}
    union all
    select i.message_id from inbox_items i
    where i.user_id = ${viewer} and i.channel_id = c.id and i.position > coalesce(r.position, 0)
      and i.reason in ('reply', 'keyword')`

  /**
   * How many of the unread ones notify the viewer: of a conversation that tells everything all, of others those that
   * mention them or one of their roles, answer them or have one of their keywords, but for what they or people they blocked
   * wrote. Nothing is counted where nothing is unread.
   */
  const mentions = sql`case
    when not (${isAnyUnread}) or ${level} = 'nothing' then 0
    when s.kind = 'direct' and ${level} = 'everything' and not ${isMuted} then
      case when ${unreadCount} > ${mostCounted} then ${mostCounted} else ${unreadCount} end
    else (select count(*) from (
      select distinct found.message_id from (${mentioning}) as found join messages y on y.id = found.message_id
      where y.user_id <> ${viewer} and y.deleted_at is null
        and not exists (select 1 from blocks b where b.user_id = ${viewer} and b.blocked_id = y.user_id)
      limit ${mostCounted}) as counted) end`
  return {
    mentions,
    /** The shown count: of a muted channel only mentions. */
    shown: sql`case when ${isMuted} then ${mentions} else ${unreadCount} end`,
    isMuted: sql`case when ${isMuted} then 1 else 0 end`,
  }
}

/** For statements with a channel `c` of a server `s`, the viewer's place `r` in it, and `levelChoicesOf` the viewer. */
export const unreadCounts = countsBy(levelColumns)
/** The same for threads, with `levelChoicesOfThread`. */
export const threadUnreadCounts = countsBy(threadLevelColumns)

/** Of a listed channel, for statements that join other things. `count`: one of `unreadCounts`. */
export function unreadCountOf(channelId: SQL, count: SQL): SQL {
  return sql`(select ${count} from channels c join servers s on s.id = c.server_id
    left join read_positions r on r.channel_id = c.id and r.user_id = ${viewerId}
    ${levelChoicesOf(viewerId)} where c.id = ${channelId})`
}

const ofEach = countsBy(levelColumns, sql`m.user_id`)

const statements = prepare((db) => ({
  unread: db
    .select({
      userId: users.id,
      listed: rowsAsJson(
        db,
        {
          channelId: sql`channel_id`,
          serverId: sql`server_id`,
          unread: sql`unread`,
          mentions: sql`mentions`,
          messageCount: sql`message_count`,
          isConversation: sql`is_conversation`,
          isMuted: sql`is_muted`,
        },
        sql`select c.id as channel_id, c.server_id, ${unreadCount} as unread, ${ofEach.mentions} as mentions,
            c.message_count, case when s.kind = 'direct' then 1 else 0 end as is_conversation, ${ofEach.isMuted} as is_muted
          from ${readableChannels}
          left join read_positions r on r.user_id = m.user_id and r.channel_id = c.id
          ${levelChoicesOf(sql`m.user_id`)}
          where ${ofMember(sql`users.id`)} and ${isAnyUnread}
          limit ${sql.raw(String(maxListed))}`,
      ),
    })
    .from(users)
    .where(sql`${users.id} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
}))

const unreadOf = gathered(
  (db, userIds) => statements(db).unread.all({ userIds: JSON.stringify(userIds) }),
  ({ userId }) => userId,
)

type UnreadRow = Omit<Unread, "isConversation" | "isMuted"> & Record<"isConversation" | "isMuted", 0 | 1>

/** The channels of a person in which something is unread. */
export async function listUnread(db: Db, userId: string): Promise<Unread[]> {
  const [found] = await unreadOf(db, userId)
  const rows: UnreadRow[] = JSON.parse(found?.listed ?? "[]")
  return rows.map((row) => ({
    ...row,
    isConversation: row.isConversation === 1,
    isMuted: row.isMuted === 1,
  }))
}

interface Place {
  userId: string
  channelId: string
  position: number
}

/** How many messages behind a read position are looked through for the user's own: bounds what a far one costs. */
const maxBehind = 200

const messagesBehind = prepareWrites((tx) =>
  tx
    .select({ userId: messages.userId, position: messages.position, ordinal: messages.ordinal })
    .from(messages)
    .where(
      and(
        eq(messages.channelId, sql.placeholder("channelId")),
        gt(messages.position, sql.placeholder("position")),
      ),
    )
    .orderBy(messages.position)
    .limit(maxBehind)
    .prepare(),
)

/**
 * Moves a reader's position forward, never back; returns where it now is. What they wrote right behind it is read, too. Runs
 * inside a shared commit.
 */
export async function advanceReadPosition(tx: Tx, { userId, channelId, position }: Place): Promise<number> {
  // Locks the row, in which messages that the user sends meanwhile are counted: what is read next has those before it.
  const row = await tx
    .insert(readPositions)
    .values({ userId, channelId, position, ordinal: ordinalAt(channelId, position) })
    .onConflictDoUpdate({
      target: [readPositions.userId, readPositions.channelId],
      set: {
        position: greatestOf(readPositions.position),
        ordinal: greatestOf(readPositions.ordinal),
        countedAsRead: sql`case when excluded.position > ${readPositions.position} then 0 else ${readPositions.countedAsRead} end`,
      },
    })
    .returning({ position: readPositions.position, ordinal: readPositions.ordinal })
    .get()
  const behind = row.position > position ? [] : await messagesBehind(tx).all({ channelId, position })
  const own = behind.filter((message) => message.userId === userId)
  if (own.length === 0) return row.position

  const ofOthers = behind.findIndex((message) => message.userId !== userId)
  const last = ofOthers === -1 ? behind.at(-1) : behind[ofOthers - 1]
  const read = { position: last?.position ?? row.position, ordinal: last?.ordinal ?? row.ordinal }
  const countedAsRead = row.ordinal + own.length
  await tx
    .update(readPositions)
    .set({ ...read, countedAsRead })
    .where(isPlaceOf(userId, channelId))
    .run()
  return read.position
}

/** In an upsert: what stands there or the new value, whichever is greater. */
function greatestOf(column: typeof readPositions.position | typeof readPositions.ordinal) {
  const given = sql`excluded.${sql.identifier(column.name)}`
  return sql`case when ${given} > ${column} then ${given} else ${column} end`
}

/** Moves a reader's position back before a message, never forward. Runs inside a shared commit. */
export async function retreatReadPosition(tx: Tx, { userId, channelId, position }: Place): Promise<void> {
  await tx
    .update(readPositions)
    .set(placeBefore({ userId, channelId, position }))
    .where(and(isPlaceOf(userId, channelId), gt(readPositions.position, position)))
    .run()
}

/** Puts a reader's position before a message, also back. Runs inside a shared commit. */
export async function setReadPosition(tx: Tx, place: Place): Promise<void> {
  const set = placeBefore(place)
  await tx
    .insert(readPositions)
    .values({ ...place, ...set })
    .onConflictDoUpdate({ target: [readPositions.userId, readPositions.channelId], set })
    .run()
}

/** The message behind the position is unread even if the user wrote it, because they marked it so. */
function placeBefore({ userId, channelId, position }: Place) {
  const ordinal = ordinalAt(channelId, position)
  const own = ownBehind({ userId, channelId: sql`${channelId}`, position: sql`${position}`, skipped: 1 })
  return { position, ordinal, countedAsRead: sql<number>`${ordinal} + ${own}` }
}

interface Behind {
  userId: string
  channelId: SQL
  position: SQL
  /** How many of the messages behind the position are left out. */
  skipped: number
}

/** How many messages behind a position a user wrote. */
export function ownBehind({ userId, channelId, position, skipped }: Behind): SQL {
  return sql`(select count(*) from (
    select y.user_id from messages y where y.channel_id = ${channelId} and y.position > ${position}
    order by y.position limit ${sql.raw(String(maxBehind))} offset ${sql.raw(String(skipped))}) as behind
    where behind.user_id = ${userId})`
}

function isPlaceOf(userId: string, channelId: string) {
  return and(eq(readPositions.userId, userId), eq(readPositions.channelId, channelId))
}

/** Everything there is in a server is read, as by someone who has just come in. Runs inside a shared commit. */
export async function readServer(tx: Tx, userId: string, serverId: string): Promise<void> {
  await tx.run(sql`
    insert into read_positions (user_id, channel_id, position, ordinal)
    select ${userId}, id, seq, message_count from channels where server_id = ${serverId} and message_count > 0
    on conflict (user_id, channel_id) do update set position = excluded.position, ordinal = excluded.ordinal,
      counted_as_read = 0`)
}

/** How many messages stand up to a position. */
function ordinalAt(channelId: string, position: number) {
  return sql<number>`coalesce((
    select ordinal from messages where channel_id = ${channelId} and position <= ${position}
    order by position desc limit 1), 0)`
}
