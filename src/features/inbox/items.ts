import { type SQL, sql } from "drizzle-orm"
import { levelChoicesOf, levelColumns } from "../notification-levels/level-columns.ts"
import { ofMember, permits, readableChannels, rolesInServer } from "../permissions/scope.ts"
import { isAnyUnread } from "../read-count.ts"
import { maxCounted } from "../reading/contract.ts"
import type { InboxState } from "./contract.ts"

// The items of an inbox, as SQL. Items for one user have a row in `inbox_items`. A mention of everyone or of a
// role has none, or sending it would cost a row for each member: such mentions are found when the inbox is read, until they
// have a row because they are done.

/** Most mentions of everyone, and of each role, of one channel in the inbox: bounds the rows that are read. */
const maxMentions = 50
/** Of how many items that are not done the unread ones are counted. */
const maxCountedAmong = 200

const viewerId = sql.placeholder("viewerId")
/** `''` for all. */
const reason = sql`cast(${sql.placeholder("reason")} as text)`
const serverId = sql`cast(${sql.placeholder("serverId")} as text)`

const isWanted = (of: SQL) => sql`(${reason} = '' or ${of} = ${reason})`
/** On a server `s`. */
const isInPlace = sql`(${serverId} = '' or s.id = ${serverId} or (${serverId} = 'direct' and s.kind = 'direct'))`
const isUnread = sql`y.position > coalesce(r.position, 0)`

/** On the author of a message `y`, for the viewer. */
const isUnblocked = (viewer: SQL) => sql`not exists (
  select 1 from blocks b where b.user_id = ${viewer} and b.blocked_id = y.user_id)`

const conditions: Record<InboxState, SQL> = {
  open: sql`i.done_at is null`,
  // A reminder is about what was read already.
  unread: sql`i.done_at is null and (i.reason = 'reminder' or ${isUnread})`,
  done: sql`i.done_at is not null`,
}

const cursorAt = sql.placeholder("beforeAt")
const cursorId = sql.placeholder("beforeId")
const cursorReason = sql.placeholder("beforeReason")
/** Behind the last item of the page before. The first part is one that an index is searched by. */
const isBefore = (at: SQL, id: SQL, why: SQL) =>
  sql`${at} <= ${cursorAt} and (${at} < ${cursorAt} or ${id} < ${cursorId} or (${id} = ${cursorId} and ${why} < ${cursorReason}))`

const isOpenUnread = sql`i.done_at is null and (i.reason = 'reminder' or ${isUnread})`
const places = sql`join messages y on y.id = i.message_id
  join channels c on c.id = y.channel_id join servers s on s.id = c.server_id
  left join read_positions r on r.user_id = i.user_id and r.channel_id = c.id`
/** `readable`: the condition on a channel `c`. */
const isShown = (readable: SQL, viewer = sql`${viewerId}`) =>
  sql`y.deleted_at is null and ${readable} and ${isUnblocked(viewer)}`

/** The first order is that of an index, so that a page looks at no more rows than it shows. */
export const newestFirst = sql`order by sent_at desc, message_id desc, reason desc`

/** A page of the viewer's rows in a state. `readable`: the condition on a channel `c`. */
export const storedItems = (state: InboxState, readable: SQL) => sql`
  select * from (
    select i.message_id as message_id, i.channel_id as channel_id, i.position as position, i.reason as reason,
      i.at as sent_at, i.done_at as done_at, i.note as note,
      case when ${isOpenUnread} then 1 else 0 end as is_unread
    from inbox_items i ${places}
    where i.user_id = ${viewerId} and ${conditions[state]} and ${isShown(readable)} and ${isInPlace}
      and ${isWanted(sql`i.reason`)} and ${isBefore(sql`i.at`, sql`i.message_id`, sql`i.reason`)}
    ${newestFirst} limit ${sql.placeholder("limit")}) as stored`

/** The newest mentions of `of`, a text or a column, in a channel `c`. */
const newest = (of: SQL) => sql`x.position >= coalesce((
  select z.position from mentions z where z.channel_id = c.id and z.user_id = ${of}
  order by z.position desc limit 1 offset ${sql.raw(String(maxMentions - 1))}), 0)`

/** On a message `y`: it mentions none of these, and is no item yet, but perhaps as a reminder. */
const isNew = (viewer: SQL, others: SQL) => sql`
  not exists (select 1 from mentions z where z.message_id = y.id and z.user_id in (${others}))
  and not exists (select 1 from inbox_items i
    where i.user_id = ${viewer} and i.message_id = y.id and i.reason <> 'reminder')`

interface MentionsOptions {
  /** Default: the placeholders `viewerId` and `since`. */
  viewer?: SQL
  since?: SQL
  /** For `from`: the memberships `m` of the viewer with their channels `c` and servers `s`. */
  places?: SQL
  /** More conditions. */
  where?: SQL
  /** Only what is not read: `places` may leave out channels in which nothing is unread. */
  isUnreadOnly?: boolean
}

/**
 * Mentions of everyone and of the viewer's roles that have no row: not done. Sent after the viewer joined, in channels where
 * the viewer is notified of them.
 */
export function unstoredMentions({
  viewer = sql`${viewerId}`,
  since = sql`${sql.placeholder("since")}`,
  places = readableChannels,
  where = sql`true`,
  isUnreadOnly = false,
}: MentionsOptions): SQL {
  const ofRole = rolesInServer(viewer)
  const columns = sql`y.id as message_id, y.channel_id as channel_id, y.position as position`
  const state = sql`y.created_at as sent_at, cast(null as bigint) as done_at, cast(null as text) as note,
    case when ${isUnread} then 1 else 0 end as is_unread`
  const read = sql`left join read_positions r on r.user_id = m.user_id and r.channel_id = c.id
    ${levelChoicesOf(sql`m.user_id`)}`
  const inTime = isUnreadOnly ? sql`${isAnyUnread} and x.position > coalesce(r.position, 0)` : sql`true`
  const conditions = sql`${ofMember(viewer)} and s.kind = 'server' and ${permits("readHistory", sql`c.id`)}
    and ${levelColumns.level} <> 'nothing' and ${inTime} and y.user_id <> ${viewer} and y.deleted_at is null
    and y.created_at >= m.joined_at and y.created_at >= ${since} and ${isUnblocked(viewer)} and ${where}`
  // Cross joins, because otherwise SQLite may look through all mentions of everyone.
  return sql`
    select ${columns}, 'everyone' as reason, ${state}
    from ${places} ${read} cross join mentions x cross join messages y
    where x.channel_id = c.id and x.user_id = 'everyone' and ${newest(sql`'everyone'`)} and y.id = x.message_id
      and not ${levelColumns.isEveryoneSuppressed} and ${conditions} and ${isNew(viewer, viewer)}
    union
    select ${columns}, 'role' as reason, ${state}
    from ${places} ${read} cross join ${ofRole.table} cross join mentions x cross join messages y
    where ${ofRole.isHeld} and x.channel_id = c.id and x.user_id = mr.role_id and ${newest(sql`mr.role_id`)}
      and y.id = x.message_id and not ${levelColumns.areRolesSuppressed} and ${conditions} and ${isNew(viewer, sql`${viewer}, 'everyone'`)}`
}

/** The same as items of a page. */
export const mentionsOfPage = (isUnreadOnly: boolean) => sql`
  select message_id, channel_id, position, reason, sent_at, done_at, note, is_unread
  from (${unstoredMentions({ isUnreadOnly, where: sql`${isInPlace}` })}) as mentioned
  where ${isWanted(sql`reason`)} and ${isBefore(sql`sent_at`, sql`message_id`, sql`reason`)}`

/** Channels `c` of the servers of a member `m`, with their place `r`. */
const channelsOfMember = sql`server_members m join channels c on c.server_id = m.server_id and c.parent_id is null
  left join read_positions r on r.user_id = m.user_id and r.channel_id = c.id`
/** The viewer has not read a mention `x`. */
const isUnreadBy = (viewer: SQL) => sql`${ofMember(viewer)} and ${isAnyUnread}
  and x.channel_id = c.id and x.position > coalesce(r.position, 0)`

/**
 * Condition: the viewer may have unread items. `countOfUnread` makes temporary tables, and most people have nothing: 13 to 3 µs
 * for each of those who come back after a restart. Not `exists`, for which Postgres may read all items of everybody once.
 */
export const mayHaveUnread = (viewer: SQL) => {
  const ofRole = rolesInServer(viewer)
  return sql`coalesce(
    (select 1 from inbox_items i where i.user_id = ${viewer} and i.done_at is null limit 1),
    (select 1 from ${channelsOfMember} cross join mentions x
      where x.user_id = 'everyone' and ${isUnreadBy(viewer)} limit 1),
    (select 1 from ${channelsOfMember} cross join ${ofRole.table} cross join mentions x
      where ${ofRole.isHeld} and x.user_id = mr.role_id and ${isUnreadBy(viewer)} limit 1)) is not null`
}

/**
 * How many items are unread, up to a hundred: of the newest of those that are not done, because somebody may never mark any.
 * `mentions`: of `unstoredMentions`, as `select`.
 */
export const countOfUnread = (readable: SQL, mentions: SQL, viewer = sql`${viewerId}`) => sql`(
  select count(*) from (
    select 1 as one from (
      select * from inbox_items where user_id = ${viewer} and done_at is null
      order by at desc limit ${sql.raw(String(maxCountedAmong))}) i ${places}
    where ${isOpenUnread} and ${isShown(readable, viewer)}
    union all select 1 from (${mentions}) as mentioned limit ${sql.raw(String(maxCounted))}) as counted)`
