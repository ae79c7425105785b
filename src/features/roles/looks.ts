import { type Placeholder, type SQL, sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { rowsAsJson } from "../../db/dialect.ts"

// How roles show in lists of members, for statements that read these lists.

/** Members whose names are colored; in larger servers, those with the highest roles. One takes 54 bytes of the style sheet. */
const maxColoredMembers = 2000

/** A role with a color, and the members whose names have it: those of whose colored roles it is the highest. */
export interface ColoredRole {
  id: string
  color: number
  userIds: string[]
}

/** A role whose members are listed apart. */
export interface HoistedRole {
  id: string
  name: string
  position: number
}

/** A server's roles that have a color, highest first; see `parseColored`. */
export function coloredAsJson(db: Db, serverId: Placeholder | SQL): SQL<string> {
  return rowsAsJson(
    db,
    { id: sql`id`, color: sql`color`, userIds: sql`user_ids` },
    sql`select r.id, r.color, coalesce(string_agg(h.user_id, ' ' order by h.user_id), '') as user_ids
      from roles r left join (
        select user_id, position from (
          select mr.user_id, max(c.position) as position from roles c join member_roles mr on mr.role_id = c.id
          where c.server_id = ${serverId} and c.color <> 0 group by mr.user_id) as colored
        order by position desc, user_id limit ${sql.raw(String(maxColoredMembers))}) as h on h.position = r.position
      where r.server_id = ${serverId} and r.color <> 0
      group by r.id, r.color, r.position order by r.position desc`,
  )
}

/** The roles of `coloredAsJson`. */
export function parseColored(json: string): ColoredRole[] {
  const rows = JSON.parse(json) as (Omit<ColoredRole, "userIds"> & { userIds: string })[]
  return rows.map(({ userIds, ...role }) => ({ ...role, userIds: userIds === "" ? [] : userIds.split(" ") }))
}

/** A server's roles whose members are listed apart, highest first. */
export function hoistedAsJson(db: Db, serverId: Placeholder | SQL): SQL<string> {
  return rowsAsJson(
    db,
    { id: sql`id`, name: sql`name`, position: sql`position` },
    sql`select id, name, position from roles where server_id = ${serverId} and hoist = 1 order by position desc`,
  )
}

/** To join as `h`: members with the position of their highest role that is listed apart. */
export function hoistedMembers(serverId: Placeholder | SQL): SQL {
  return sql`(
    select mr.user_id, max(r.position) as position from roles r join member_roles mr on mr.role_id = r.id
    where r.server_id = ${serverId} and r.hoist = 1 group by mr.user_id) as h`
}
