import { sql } from "drizzle-orm"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { permissionsOf } from "./bits.ts"

// Roles that a sign-in provider's groups give.

/** A role, and whether someone has it. */
export interface HeldOrNot {
  roleId: string
  roleName: string
  serverId: string
  isHeld: boolean
}

/** Those of these roles that a person could have: the roles of servers that they are a member of. */
export async function findRolesFor(tx: Tx, userId: string, roleIds: readonly string[]): Promise<HeldOrNot[]> {
  const rows = await tx.all<Omit<HeldOrNot, "isHeld"> & { isHeld: unknown }>(sql`
    select r.id as "roleId", r.name as "roleName", r.server_id as "serverId",
      case when exists (select 1 from member_roles mr
        where mr.server_id = r.server_id and mr.user_id = ${userId} and mr.role_id = r.id) then 1 else 0 end as "isHeld"
    from roles r join server_members m on m.server_id = r.server_id and m.user_id = ${userId}
    where r.id <> r.server_id and r.id in ${textsIn(tx, JSON.stringify(roleIds))}
    order by r.id`)
  return rows.map((row) => ({ ...row, isHeld: Number(row.isHeld) === 1 }))
}

/** A role with its server, for a list to choose from. */
export interface GrantableRole {
  roleId: string
  roleName: string
  serverId: string
  serverName: string
}

const maxListed = 500
const giving = sql.raw(String(permissionsOf("manageRoles", "administrator")))

/** The roles that a person may give others, by server. A commit that gives one asks `requireRole` as well. */
export async function listGrantableRoles(db: Db, userId: string): Promise<GrantableRole[]> {
  return db.all<GrantableRole>(sql`
    select r.id as "roleId", r.name as "roleName", s.id as "serverId", s.name as "serverName"
    from server_members m
    join servers s on s.id = m.server_id and s.kind = 'server'
    join roles r on r.server_id = s.id and r.id <> s.id
    where m.user_id = ${userId} and (m.permissions & ${giving}) <> 0
      and (s.owner_id = m.user_id or r.position < (
        select coalesce(max(p.position), 0) from member_roles mr join roles p on p.id = mr.role_id
        where mr.server_id = m.server_id and mr.user_id = m.user_id))
    order by s.name, s.id, r.position desc, r.id
    limit ${maxListed}`)
}

/** The names of roles, with their servers. */
export async function listNamedRoles(db: Db, roleIds: readonly string[]): Promise<GrantableRole[]> {
  return db.all<GrantableRole>(sql`
    select r.id as "roleId", r.name as "roleName", s.id as "serverId", s.name as "serverName"
    from roles r join servers s on s.id = r.server_id
    where r.id in ${textsIn(db, JSON.stringify(roleIds))}
    order by s.name, s.id, r.position desc, r.id`)
}
