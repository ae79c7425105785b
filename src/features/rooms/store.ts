import { sql } from "drizzle-orm"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"

/** Members shown beside a room; all of them have a page of their own. */
export const maxMembersBeside = 100

/** What stands around a chat room: lists of lists, read as JSON in one statement instead of four. */
export interface Surroundings {
  servers: { id: string; name: string }[]
  channels: { id: string; serverId: string; name: string; unread: boolean }[]
  members: { userId: string; username: string; isOwner: boolean; isBot: boolean }[]
  total: number
}

const statements = prepare((db) => ({
  surroundings: db
    .select({
      servers: sql<string>`(
        select json_group_array(json_object('id', id, 'name', name)) from (
          select s.id, s.name from server_members m join servers s on s.id = m.server_id
          where m.user_id = ${sql.placeholder("viewerId")} order by m.joined_at, s.id))`,
      channels: sql<string>`(
        select json_group_array(json_object('id', id, 'serverId', server_id, 'name', name, 'unread', unread)) from (
          select c.id, c.server_id, c.name, c.seq > coalesce(r.position, 0) unread from channels c
          left join read_positions r on r.channel_id = c.id and r.user_id = ${sql.placeholder("viewerId")}
          where c.server_id = ${sql.placeholder("serverId")} order by c.created_at, c.id))`,
      members: sql<string>`(
        select json_group_array(json_object('userId', id, 'username', username, 'isOwner', is_owner, 'isBot', is_bot)) from (
          select u.id, u.username, u.id = s.owner_id is_owner, u.bot_owner_id is not null is_bot from server_members m
          join users u on u.id = m.user_id join servers s on s.id = m.server_id
          where m.server_id = ${sql.placeholder("serverId")} order by u.username limit ${maxMembersBeside}))`,
      total: sql<number>`(
        select count(*) from server_members where server_id = ${sql.placeholder("serverId")})`,
    })
    .from(sql`(select 1)`)
    .prepare(),
}))

/** Everything around a room that viewer sees, oldest first, members by name. */
export async function findSurroundings(db: Db, viewerId: string, serverId: string): Promise<Surroundings> {
  const row = statements(db).surroundings.get({ viewerId, serverId })
  const list = (json: string | undefined) => JSON.parse(json ?? "[]")
  const flagged = (name: string) => (item: Record<string, unknown>) => ({ ...item, [name]: item[name] === 1 })
  return {
    servers: list(row?.servers),
    channels: list(row?.channels).map(flagged("unread")),
    members: list(row?.members).map(flagged("isOwner")).map(flagged("isBot")),
    total: row?.total ?? 0,
  }
}
