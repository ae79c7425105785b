import { sql } from "drizzle-orm"
import type { Tx } from "../../db/database.ts"
import { bitOf } from "./bits.ts"

// `server_members.permissions` is derived: these functions recompute it. Call them in the commit that changes what it
// depends on: the owner, the roles of a member, the permissions of a role.

/** The bits of several rows together. Neither database has one aggregate for this that the other has too. */
const together = sql.join(
  Array.from({ length: 53 }, (_, bit) => sql.raw(`max(r.permissions & ${2 ** bit})`)),
  sql` | `,
)

const permissionsOfMember = sql`(
  select ${together} from roles r where r.id = server_members.server_id or r.id in (
    select role_id from member_roles
    where server_id = server_members.server_id and user_id = server_members.user_id))
  | case when server_members.user_id = (
      select owner_id from servers where id = server_members.server_id and kind = 'server')
    then ${sql.raw(String(bitOf.administrator))} else 0 end`

/** After a change of one member's roles, or when they join or become the owner. */
export async function refreshMember(tx: Tx, serverId: string, userId: string): Promise<void> {
  await tx.run(sql`update server_members set permissions = ${permissionsOfMember}
    where server_id = ${serverId} and user_id = ${userId} and exists (select 1 from roles where id = ${serverId})`)
}

/** After a change of a role's permissions. Before a role is deleted, set its permissions to none and call this. */
export async function refreshHolders(tx: Tx, serverId: string, roleId: string): Promise<void> {
  const holds = sql`(${roleId} = ${serverId} or user_id in (select user_id from member_roles where role_id = ${roleId}))`
  await tx.run(sql`update server_members set permissions = ${permissionsOfMember}
    where server_id = ${serverId} and ${holds} and exists (select 1 from roles where id = ${serverId})`)
}
