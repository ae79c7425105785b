import { and, eq, gt, type SQL, sql } from "drizzle-orm"
import { readPositions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import {
  type LevelColumns,
  levelChoicesOf,
  levelColumns,
  threadLevelColumns,
} from "../notification-levels/level-columns.ts"
import { ofMember, readableChannels, rolesInServer } from "../permissions/scope.ts"
import { maxCounted, type Unread } from "./contract.ts"

/** Channels with something unread that are told of at once. */
const maxListed = 1000

const viewerId = sql.placeholder("viewerId")

/**
 * How many messages of a channel `c` the viewer has not read, by their place `r` in it: a difference of two numbers,
 * however many there are.
 */
export const unreadCount = sql`case
  when c.message_count > coalesce(r.ordinal, 0) then c.message_count - coalesce(r.ordinal, 0) else 0 end`

const ofRole = rolesInServer(viewerId)
const isUnreadMention = sql`x.channel_id = c.id and x.position > coalesce(r.position, 0)`
const mostCounted = sql.raw(String(maxCounted))

/** Unread counts of a channel `c`, by its effective levels. */
function countsBy({ level, isMuted, isEveryoneSuppressed, areRolesSuppressed }: LevelColumns) {
  /**
   * The messages that mention the viewer by name, with all others, or by a role; and replies to them and messages with their
   * keywords, which the notifier found. A cross join, because otherwise SQLite may look through all mentions in the channel
   * for those of the roles.
   */
  const mentioning = sql`
    select x.message_id from mentions x
    where ${isUnreadMention} and x.user_id in (${viewerId}, case when ${isEveryoneSuppressed} then '' else 'everyone' end)
    union all
    select x.message_id from ${ofRole.table} cross join mentions x
    where ${ofRole.isHeld} and ${isUnreadMention} and x.user_id = mr.role_id and not ${areRolesSuppressed}
    union all
    select i.message_id from inbox_items i
    where i.user_id = ${viewerId} and i.channel_id = c.id and i.position > coalesce(r.position, 0)
      and i.reason in ('reply', 'keyword')`

  /**
   * How many of the unread ones notify the viewer: of a conversation that tells everything all, of others those that
   * mention them or one of their roles, answer them or have one of their keywords, but for what they or people they blocked
   * wrote. Nothing is counted where nothing is unread.
   */
  const mentions = sql`case
    when c.message_count <= coalesce(r.ordinal, 0) or ${level} = 'nothing' then 0
    when s.kind = 'direct' and ${level} = 'everything' and not ${isMuted} then
      case when ${unreadCount} > ${mostCounted} then ${mostCounted} else ${unreadCount} end
    else (select count(*) from (
      select distinct found.message_id from (${mentioning}) as found join messages y on y.id = found.message_id
      where y.user_id <> ${viewerId} and y.deleted_at is null
        and not exists (select 1 from blocks b where b.user_id = ${viewerId} and b.blocked_id = y.user_id)
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

const statements = prepare((db) => ({
  unread: db
    .select({
      channelId: sql<string>`c.id`,
      serverId: sql<string>`c.server_id`,
      unread: sql<number>`${unreadCount}`,
      mentions: sql<number>`${unreadCounts.mentions}`,
      messageCount: sql<number>`c.message_count`,
      isConversation: sql<boolean>`s.kind = 'direct'`.mapWith(Boolean),
      isMuted: sql<boolean>`${unreadCounts.isMuted}`.mapWith(Boolean),
    })
    .from(
      sql`${readableChannels}
        left join read_positions r on r.user_id = m.user_id and r.channel_id = c.id
        ${levelChoicesOf(sql`m.user_id`)}`,
    )
    .where(sql`${ofMember(viewerId)} and c.message_count > coalesce(r.ordinal, 0)`)
    .limit(maxListed)
    .prepare(),
}))

/** The channels of a person in which something is unread. */
export async function listUnread(db: Db, userId: string): Promise<Unread[]> {
  return statements(db).unread.all({ viewerId: userId })
}

interface Place {
  userId: string
  channelId: string
  position: number
}

/** Moves a reader's position forward, never back; returns where it now is. Runs inside a shared commit. */
export async function advanceReadPosition(tx: Tx, { userId, channelId, position }: Place): Promise<number> {
  const row = await tx
    .insert(readPositions)
    .values({ userId, channelId, position, ordinal: ordinalAt(channelId, position) })
    .onConflictDoUpdate({
      target: [readPositions.userId, readPositions.channelId],
      set: {
        position: greatestOf(readPositions.position),
        ordinal: greatestOf(readPositions.ordinal),
      },
    })
    .returning({ position: readPositions.position })
    .get()
  return row.position
}

/** In an upsert: what stands there or the new value, whichever is greater. */
function greatestOf(column: typeof readPositions.position | typeof readPositions.ordinal) {
  const given = sql`excluded.${sql.identifier(column.name)}`
  return sql`case when ${given} > ${column} then ${given} else ${column} end`
}

/** Moves a reader's position back, never forward. Runs inside a shared commit. */
export async function retreatReadPosition(tx: Tx, { userId, channelId, position }: Place): Promise<void> {
  await tx
    .update(readPositions)
    .set({ position, ordinal: ordinalAt(channelId, position) })
    .where(
      and(
        eq(readPositions.userId, userId),
        eq(readPositions.channelId, channelId),
        gt(readPositions.position, position),
      ),
    )
    .run()
}

/** Puts a reader's position somewhere, also back. Runs inside a shared commit. */
export async function setReadPosition(tx: Tx, { userId, channelId, position }: Place): Promise<void> {
  const place = { position, ordinal: ordinalAt(channelId, position) }
  await tx
    .insert(readPositions)
    .values({ userId, channelId, ...place })
    .onConflictDoUpdate({ target: [readPositions.userId, readPositions.channelId], set: place })
    .run()
}

/** Everything there is in a server is read, as by someone who has just come in. Runs inside a shared commit. */
export async function readServer(tx: Tx, userId: string, serverId: string): Promise<void> {
  await tx.run(sql`
    insert into read_positions (user_id, channel_id, position, ordinal)
    select ${userId}, id, seq, message_count from channels where server_id = ${serverId} and message_count > 0
    on conflict (user_id, channel_id) do update set position = excluded.position, ordinal = excluded.ordinal`)
}

/** How many messages stand up to a position. */
function ordinalAt(channelId: string, position: number) {
  return sql<number>`coalesce((
    select ordinal from messages where channel_id = ${channelId} and position <= ${position}
    order by position desc limit 1), 0)`
}
