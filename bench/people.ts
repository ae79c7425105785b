import { Database } from "bun:sqlite"
import { join } from "node:path"
import { drizzle } from "drizzle-orm/bun-sqlite"
import { serverMembers, sessions, users } from "../drizzle/schema.ts"
import { sessionSeconds } from "../src/features/accounts/open-session.ts"

/** Long enough for a session's token; the load generator puts the number of the connection in its place. */
const token = (number: number | string) => `abcdefghijklmnopqrstuvwxyz${number}`

/** Each connection as somebody else, of those that `addPeople` made. */
export const asThemselves = `Authorization: Bearer ${token("%c")}`

/** Puts so many people, each signed in, into a server of the database of that folder, while nobody else has it. */
export function addPeople(folder: string, serverId: string, count: number): void {
  const sqlite = new Database(join(folder, "chat.db"), { strict: true })
  const db = drizzle(sqlite)
  const [now, later] = [new Date(), new Date(Date.now() + sessionSeconds * 1000)]
  sqlite.transaction(() => {
    for (let i = 0; i < count; i++) {
      const [id, username] = [`person-${i}`, `person${i}`]
      db.insert(users)
        .values({ id, username, name: username, email: `${username}@example.org`, updatedAt: now })
        .run()
      db.insert(sessions)
        .values({ id, token: token(i), userId: id, expiresAt: later, updatedAt: now })
        .run()
      db.insert(serverMembers).values({ serverId, userId: id }).run()
    }
  })()
  sqlite.close()
}
