import { Database } from "bun:sqlite"
import { join } from "node:path"
import { sessionSeconds } from "../src/features/accounts/open-session.ts"
import { defaultPermissions, permissionsOf } from "../src/features/permissions/bits.ts"

/** How large a server is. */
export interface BigServer {
  members: number
  channels: number
  roles: number
  /** Roles of the member who looks at it. */
  ownRoles: number
  overwrites: number
}

/** The header that signs in as the member who looks at big servers. */
export const visitorHeader = "Authorization: Bearer abcdefghijklmnopqrstuvwxyz-visitor"

const visitorToken = visitorHeader.slice("Authorization: Bearer ".length)
/** Numbers from 0, as many as the placeholder says. */
const numbers = "with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?) "

/**
 * Fills an existing server, with a statement for each table: the first member is the visitor. No process may have the
 * database open. Members are shared by all servers that are filled.
 */
export function fillBigServer(folder: string, serverId: string, size: BigServer): void {
  const sqlite = new Database(join(folder, "chat.db"), { strict: true })
  const now = Date.now()
  const { members, channels, roles, ownRoles, overwrites } = size
  const fill = (count: number, insert: string, ...values: (string | number)[]) => {
    if (count > 0) sqlite.query(numbers.replace("?", String(count)) + insert).run(...values)
  }
  sqlite.transaction(() => {
    fill(
      members,
      `insert or ignore into users (id, name, email, username, created_at, updated_at)
        select 'person-' || i, 'person' || i, 'person' || i || '@example.org', 'person' || i, ?1, ?1 from n where true`,
      now,
    )
    const session = "insert or ignore into sessions (id, token, user_id, expires_at, created_at, updated_at)"
    sqlite
      .query(`${session} values ('visitor', ?1, 'person-0', ?2, ?3, ?3)`)
      .run(visitorToken, now + sessionSeconds * 1000, now)
    fill(
      members,
      `insert or ignore into server_members (server_id, user_id, joined_at, permissions)
        select ?1, 'person-' || i, ?2, ?3 from n where true`,
      ...[serverId, now, Number(defaultPermissions)],
    )
    fill(
      channels,
      `insert into channels (id, server_id, name, position, created_at)
        select ?1 || '-' || i, ?1, 'channel-' || i, i + 1, ?2 from n where true`,
      ...[serverId, now],
    )
    // They allow what everyone may do, so that nothing derived from them changes.
    fill(
      roles,
      `insert into roles (id, server_id, name, permissions, color, hoist, position, created_at)
        select ?1 || '-role-' || i, ?1, 'role ' || i, ?2, (i * 65793) % 16777216, i % 25 = 0, i + 1, ?3 from n where true`,
      ...[serverId, Number(permissionsOf("createInvite")), now],
    )
    // Every member has one, the visitor more.
    fill(
      roles > 0 ? members : 0,
      "insert or ignore into member_roles (server_id, user_id, role_id) select ?1, 'person-' || i, ?1 || '-role-' || (i % ?2) from n where true",
      ...[serverId, roles],
    )
    fill(
      ownRoles,
      "insert or ignore into member_roles (server_id, user_id, role_id) select ?1, 'person-0', ?1 || '-role-' || (i * ?2) from n where true",
      ...[serverId, Math.max(1, Math.floor(roles / Math.max(1, ownRoles)))],
    )
    fill(
      overwrites,
      `insert or ignore into channel_overwrites (channel_id, target_id, kind, allow, deny)
        select ?1 || '-' || (i % ?2), ?1 || '-role-' || (i % ?3), 'role', ?4, 0 from n where true`,
      ...[serverId, channels, Math.max(1, roles), Number(permissionsOf("viewChannel", "readHistory"))],
    )
  })()
  sqlite.close()
}
