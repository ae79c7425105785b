import { SQL } from "bun"
import { memberTokenPrefix } from "../members.ts"

/** A year: sessions are not due for renewal while they are measured. */
const sessionMs = 365 * 24 * 3600 * 1000

/** Adds signed-in members to a server in Postgres, who sign in with `memberHeader`; those that are there stay. */
export async function addMembersToPostgres(url: string, serverId: string, count: number): Promise<void> {
  await using sql = new SQL(url, { max: 1 })
  const [now, later] = [Date.now(), Date.now() + sessionMs]
  const numbers = `generate_series(0, ${count - 1}) number`
  await sql.unsafe(
    `insert into users (id, name, email, username, created_at, updated_at)
     select 'person-' || number, 'person' || number, 'person' || number || '@example.org', 'person' || number, $1::bigint, $1::bigint
     from ${numbers} on conflict do nothing`,
    [now],
  )
  await sql.unsafe(
    `insert into sessions (id, token, user_id, expires_at, created_at, updated_at)
     select 'person-' || number, $1 || number, 'person-' || number, $2::bigint, $3::bigint, $3::bigint from ${numbers}
     on conflict do nothing`,
    [memberTokenPrefix, later, now],
  )
  await sql.unsafe(
    `insert into server_members (server_id, user_id, joined_at)
     select $1, 'person-' || number, $2::bigint from ${numbers} on conflict do nothing`,
    [serverId, now],
  )
}
