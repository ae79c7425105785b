import { sql } from "drizzle-orm"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { mentionCount, unreadCount } from "../reading/store.ts"

/** Members shown beside a room; all of them have a page of their own. */
export const maxMembersBeside = 100

/** Where a viewer can go from a room, with what is unread there: lists of lists, read as JSON in one statement. */
export interface Lists {
  /** With what is unread in each, but for the room itself: who opens it reads it. */
  servers: ({ id: string; name: string } & Count)[]
  channels: ({ id: string; serverId: string; name: string } & Count)[]
  /** Of all their conversations together. */
  direct: Count
  /** The first message that the viewer has not read in the room; `null` when they have read all. */
  firstUnread: { id: string; createdAt: Date } | null
  /** All of it as it was read: the same text, the same lists. */
  text: string
}

/** Who is in a room's server, by name: the first of them, and how many they are. */
export interface People {
  members: { userId: string; username: string; isOwner: boolean; isBot: boolean }[]
  total: number
}

/** What is unread somewhere: messages, and those of them that are meant for the viewer. */
export interface Count {
  unread: number
  mentions: number
}

const viewerId = sql.placeholder("viewerId")
const serverId = sql.placeholder("serverId")
const channelId = sql.placeholder("channelId")

/** The channels the viewer may read, each with what is unread in it: counted once, however many lists say it. */
const counts = sql`counts as materialized (
  select c.id, c.server_id, c.name, c.created_at, s.kind, ${unreadCount} unread, ${mentionCount} mentions
  from server_members m join servers s on s.id = m.server_id
  join channels c on c.server_id = m.server_id and c.parent_id is null
  left join read_positions r on r.channel_id = c.id and r.user_id = m.user_id
  where m.user_id = ${viewerId})`

const servers = sql`(
  select json_group_array(json_object('id', id, 'name', name, 'unread', unread, 'mentions', mentions)) from (
    select s.id, s.name, coalesce(sum(n.unread), 0) unread, coalesce(sum(n.mentions), 0) mentions
    from server_members m join servers s on s.id = m.server_id and s.kind = 'server'
    left join counts n on n.server_id = s.id and n.id <> ${channelId}
    where m.user_id = ${viewerId} group by s.id order by m.joined_at, s.id))`

const direct = sql`(
  select json_object('unread', coalesce(sum(unread), 0), 'mentions', coalesce(sum(mentions), 0))
  from counts where kind = 'direct' and id <> ${channelId})`

const channels = sql`(
  select json_group_array(json_object(
    'id', id, 'serverId', server_id, 'name', name, 'unread', unread, 'mentions', mentions)) from (
    select * from counts where server_id = ${serverId} order by created_at, id))`

const members = sql`(
  select json_group_array(json_object('userId', id, 'username', username, 'isOwner', is_owner, 'isBot', is_bot)) from (
    select u.id, u.username, (u.id = s.owner_id and s.kind = 'server') is_owner, u.bot_owner_id is not null is_bot
    from server_members m join users u on u.id = m.user_id join servers s on s.id = m.server_id
    where m.server_id = ${serverId} order by u.username limit ${maxMembersBeside}))`

const total = sql`(select count(*) from server_members where server_id = ${serverId})`

const firstUnread = sql`(
  select json_object('id', y.id, 'createdAt', y.created_at) from messages y
  where y.channel_id = ${channelId} and y.position > coalesce((
    select r.position from read_positions r where r.channel_id = ${channelId} and r.user_id = ${viewerId}), 0)
  order by y.position limit 1)`

const isKnown = sql.placeholder("membersAreKnown")

const statements = prepare((db) => ({
  surroundings: db
    .select({
      servers: sql<string>`servers`,
      direct: sql<string>`direct`,
      channels: sql<string>`channels`,
      firstUnread: sql<string | null>`first_unread`,
      members: sql<string | null>`members`,
      total: sql<number | null>`total`,
    })
    .from(
      sql`(with ${counts} select ${servers} servers, ${direct} direct, ${channels} channels,
        ${firstUnread} first_unread, case when not ${isKnown} then ${members} end members,
        case when not ${isKnown} then ${total} end total)`,
    )
    .prepare(),
}))

/** The servers someone is in and their conversations together, with what is unread: for pages that are no room. */
export async function findPlaces(db: Db, viewerId: string): Promise<Pick<Lists, "servers" | "direct">> {
  const nowhere = { viewerId, serverId: "", channelId: "", membersAreKnown: true }
  const { servers, direct } = (await findSurroundings(db, nowhere)).lists
  return { servers, direct }
}

/** The SQL of it, so that a test can ask SQLite how it would run it. */
export function surroundingsRead(db: Db): string {
  return statements(db).surroundings.getQuery().sql
}

interface Room {
  viewerId: string
  serverId: string
  channelId: string
  /** There are none in the answer, then: to sort those of a big server takes longer than all else. */
  membersAreKnown: boolean
}

/** Everything around a room that viewer sees, oldest first, members by name. */
export async function findSurroundings(db: Db, room: Room): Promise<{ lists: Lists; people: People }> {
  const row = statements(db).surroundings.get({ ...room })
  if (!row) throw new Error("A statement without a condition found nothing")

  const { servers, direct, channels, firstUnread, members, total } = row
  const lists = {
    servers: JSON.parse(servers),
    direct: JSON.parse(direct),
    channels: JSON.parse(channels),
    firstUnread: firstUnread === null ? null : firstUnreadOf(JSON.parse(firstUnread)),
    text: [servers, direct, channels, firstUnread].join("\n"),
  }
  return { lists, people: { members: JSON.parse(members ?? "[]").map(memberOf), total: total ?? 0 } }
}

type Flag = 0 | 1

function memberOf({
  isOwner,
  isBot,
  ...named
}: {
  userId: string
  username: string
  isOwner: Flag
  isBot: Flag
}) {
  return { ...named, isOwner: isOwner === 1, isBot: isBot === 1 }
}

function firstUnreadOf({ id, createdAt }: { id: string; createdAt: number }): Lists["firstUnread"] {
  return { id, createdAt: new Date(createdAt) }
}
