import { sql } from "drizzle-orm"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { mentionCount, unreadCount } from "../reading/store.ts"

/** Members shown beside a room; all of them have a page of their own. */
export const maxMembersBeside = 100

/** What stands around a chat room: lists of lists, read as JSON in one statement instead of four. */
export interface Surroundings {
  /** With what is unread in each, but for the room itself: who opens it reads it. */
  servers: ({ id: string; name: string } & Count)[]
  channels: ({ id: string; serverId: string; name: string } & Count)[]
  members: { userId: string; username: string; isOwner: boolean; isBot: boolean }[]
  total: number
  /** Of all their conversations together. */
  direct: Count
  /** The first message that the viewer has not read in the room; `null` when they have read all. */
  firstUnread: { id: string; createdAt: Date } | null
}

/** What is unread somewhere: messages, and those of them that are meant for the viewer. */
export interface Count {
  unread: number
  mentions: number
}

const placeholders = {
  viewerId: sql.placeholder("viewerId"),
  serverId: sql.placeholder("serverId"),
  channelId: sql.placeholder("channelId"),
}
/** How far the viewer has read in the channel `c`. */
const readPlace = sql`left join read_positions r on r.channel_id = c.id and r.user_id = ${placeholders.viewerId}`

const statements = prepare((db) => ({
  surroundings: db
    .select({
      servers: sql<string>`(
        select json_group_array(json_object('id', id, 'name', name, 'unread', unread, 'mentions', mentions)) from (
          select s.id, s.name, coalesce(sum(${unreadCount}), 0) unread, coalesce(sum(${mentionCount}), 0) mentions
          from server_members m join servers s on s.id = m.server_id and s.kind = 'server'
          left join channels c on c.server_id = s.id and c.parent_id is null and c.id <> ${placeholders.channelId}
          ${readPlace}
          where m.user_id = ${placeholders.viewerId} group by s.id order by m.joined_at, s.id))`,
      direct: sql<string>`(
        select json_object('unread', coalesce(sum(${unreadCount}), 0), 'mentions', coalesce(sum(${mentionCount}), 0))
        from server_members m join servers s on s.id = m.server_id and s.kind = 'direct'
        join channels c on c.server_id = s.id and c.parent_id is null and c.id <> ${placeholders.channelId}
        ${readPlace}
        where m.user_id = ${placeholders.viewerId})`,
      channels: sql<string>`(
        select json_group_array(json_object(
          'id', id, 'serverId', server_id, 'name', name, 'unread', unread, 'mentions', mentions)) from (
          select c.id, c.server_id, c.name, ${unreadCount} unread, ${mentionCount} mentions
          from channels c join servers s on s.id = c.server_id ${readPlace}
          where c.server_id = ${placeholders.serverId} and c.parent_id is null order by c.created_at, c.id))`,
      members: sql<string>`(
        select json_group_array(json_object('userId', id, 'username', username, 'isOwner', is_owner, 'isBot', is_bot)) from (
          select u.id, u.username, (u.id = s.owner_id and s.kind = 'server') is_owner, u.bot_owner_id is not null is_bot from server_members m
          join users u on u.id = m.user_id join servers s on s.id = m.server_id
          where m.server_id = ${sql.placeholder("serverId")} order by u.username limit ${maxMembersBeside}))`,
      total: sql<number>`(
        select count(*) from server_members where server_id = ${sql.placeholder("serverId")})`,
      firstUnread: sql<string | null>`(
        select json_object('id', y.id, 'createdAt', y.created_at) from messages y
        where y.channel_id = ${placeholders.channelId} and y.position > coalesce((
          select r.position from read_positions r
          where r.channel_id = ${placeholders.channelId} and r.user_id = ${placeholders.viewerId}), 0)
        order by y.position limit 1)`,
    })
    .from(sql`(select 1)`)
    .prepare(),
}))

/** The servers someone is in and their conversations together, with what is unread: for pages that are no room. */
export async function findPlaces(
  db: Db,
  viewerId: string,
): Promise<Pick<Surroundings, "servers" | "direct">> {
  const { servers, direct } = await findSurroundings(db, { viewerId, serverId: "", channelId: "" })
  return { servers, direct }
}

/** The SQL of it, so that a test can ask SQLite how it would run it. */
export function surroundingsRead(db: Db): string {
  return statements(db).surroundings.getQuery().sql
}

/** Everything around a room that viewer sees, oldest first, members by name. */
export async function findSurroundings(
  db: Db,
  room: { viewerId: string; serverId: string; channelId: string },
): Promise<Surroundings> {
  const row = statements(db).surroundings.get(room)
  const list = (json: string | undefined) => JSON.parse(json ?? "[]")
  const flagged = (name: string) => (item: Record<string, unknown>) => ({ ...item, [name]: item[name] === 1 })
  return {
    servers: list(row?.servers),
    channels: list(row?.channels),
    members: list(row?.members).map(flagged("isOwner")).map(flagged("isBot")),
    total: row?.total ?? 0,
    direct: JSON.parse(row?.direct ?? "{}"),
    firstUnread: firstUnreadOf(row?.firstUnread),
  }
}

function firstUnreadOf(json: string | null | undefined): Surroundings["firstUnread"] {
  if (!json) return null

  const { id, createdAt } = JSON.parse(json)
  return { id, createdAt: new Date(createdAt) }
}
