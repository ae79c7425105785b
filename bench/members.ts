import { Database } from "bun:sqlite"
import { join } from "node:path"
import { drizzle } from "drizzle-orm/bun-sqlite"
import { serverMembers, sessions, users } from "../drizzle/schema.ts"
import { sessionSeconds } from "../src/features/accounts/open-session.ts"

/** What the token of each member begins with; its number follows. Sessions need tokens of a minimum length. */
export const memberTokenPrefix = "abcdefghijklmnopqrstuvwxyz"

/** The load generator replaces `%c` by the connection's number. */
const tokenOf = (number: number | string) => `${memberTokenPrefix}${number}`

/** A header that signs each connection in as another of the members added by `addMembers`. */
export const memberHeader = `Authorization: Bearer ${tokenOf("%c")}`

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
  const sqlite = new Database(join(folder, "chat.db"), { strict: true })
  const db = drizzle(sqlite)
  const [now, later] = [new Date(), new Date(Date.now() + sessionSeconds * 1000)]
  sqlite.transaction(async () => {
    for (let i = 0; i < count; i++) {
      const [id, username] = [`person-${i}`, `person${i}`]
      await db
        .insert(users)
        .values({ id, username, name: username, email: `${username}@example.org`, updatedAt: now })
        .run()
      await db
        .insert(sessions)
        .values({ id, token: tokenOf(i), userId: id, expiresAt: later, updatedAt: now })
        .run()
      await db.insert(serverMembers).values({ serverId, userId: id }).run()
    }
  })()
  sqlite.close()
}
