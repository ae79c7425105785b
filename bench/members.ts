import { Database } from "bun:sqlite"
import { join } from "node:path"
import { renewSeconds, sessionSeconds } from "../src/features/accounts/open-session.ts"

/** What the token of each member begins with; its number follows. Sessions need tokens of a minimum length. */
export const memberTokenPrefix = "abcdefghijklmnopqrstuvwxyz"

/** A header that signs each connection in as another member: the load generator replaces `%c` by its number. */
export const memberHeader = `Authorization: Bearer ${memberTokenPrefix}%c`

/** Signs the first members of the server Acme in, in the folder's database. No process may have it open. */
export function signInMembers(folder: string, count: number): void {
  using sqlite = new Database(join(folder, "chat.db"), { strict: true })
  const [now, later] = [Date.now(), Date.now() + sessionSeconds * 1000]
  sqlite
    .query(
      `insert into sessions (id, token, user_id, expires_at, created_at, updated_at)
        select user_id, ?1 || (row_number() over (order by user_id) - 1), user_id, ?2, ?3, ?3 from server_members
        where server_id in (select id from servers where name = 'Acme') order by user_id limit ?4`,
    )
    .run(memberTokenPrefix, later, now, count)
}

/** Adds signed-in members to a server in the folder's database. No process may have the database open. */
export function addMembers(folder: string, serverId: string, count: number): void {
  using sqlite = new Database(join(folder, "chat.db"), { strict: true })
  const [now, later] = [Date.now(), Date.now() + sessionSeconds * 1000]
  const numbers = `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${count})`
  sqlite.transaction(() => {
    sqlite
      .query(
        `${numbers} insert or ignore into users (id, name, email, username, created_at, updated_at)
          select 'person-' || i, 'person' || i, 'person' || i || '@example.org', 'person' || i, ?1, ?1 from n where true`,
      )
      .run(now)
    sqlite
      .query(
        `${numbers} insert or ignore into sessions (id, token, user_id, expires_at, created_at, updated_at)
          select 'person-' || i, ?1 || i, 'person-' || i, ?2, ?3, ?3 from n where true`,
      )
      .run(memberTokenPrefix, later, now)
    sqlite
      .query(
        `${numbers} insert or ignore into server_members (server_id, user_id, joined_at)
          select ?1, 'person-' || i, ?2 from n where true`,
      )
      .run(serverId, now)
  })()
}

/** Makes all sessions in the folder's database due for their renewal. No process may have the database open. */
export function makeSessionsDue(folder: string): void {
  using sqlite = new Database(join(folder, "chat.db"), { strict: true })
  sqlite
    .query("update sessions set expires_at = ?1")
    .run(Date.now() + (sessionSeconds - 2 * renewSeconds) * 1000)
}

/** Gives the first of the people that `addMembers` added a device each that accepts push. */
export function addPushDevices(folder: string, count: number): void {
  using sqlite = new Database(join(folder, "chat.db"), { strict: true })
  sqlite
    .query(
      `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?1)
        insert into push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth, name, created_at)
        select 'device-' || i, 'person-' || i, 'person-' || i, 'https://push.example.org/' || i, '', '', 'Phone', ?2 from n`,
    )
    .run(count, Date.now())
}
