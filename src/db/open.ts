import { Database as Sqlite } from "bun:sqlite"
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs"
import { dirname, join } from "node:path"
import { drizzle } from "drizzle-orm/bun-sqlite"
import { migrate } from "drizzle-orm/bun-sqlite/migrator"
import * as schema from "../../drizzle/schema.ts"
import { Commits } from "./commits.ts"
import { stampsOf } from "./stamps.ts"
import { triggers } from "./triggers.ts"

export type Db = ReturnType<typeof drizzle<typeof schema>>
export type Database = ReturnType<typeof openDatabase>

/** History pages read through a map of the file, up to this size (1.5–1.85 × as fast). */
const mmapBytes = 512 * 1024 * 1024

/**
 * How long a write waits for another program's lock. The whole process waits with it, so it is short: whoever wrote
 * is told to try again, and their client does. At start nobody waits yet.
 */
const busyMs = 250
const busyAtStartMs = 5000

/** Opens the SQLite file, making and migrating it as needed. Throws when it cannot be opened or migrated. */
export function openDatabase(path: string) {
  mkdirSync(dirname(path), { recursive: true })
  // Sessions and password hashes are in it: what SQLite makes beside it is as private as the file is.
  if (path !== ":memory:" && !existsSync(path)) closeSync(openSync(path, "a", 0o600))
  const sqlite = new Sqlite(path, { create: true, strict: true })
  sqlite.run(`PRAGMA busy_timeout = ${busyAtStartMs}`)
  sqlite.run("PRAGMA journal_mode = WAL")
  // A commit that returned survives power loss: what "delivered" means here stands on this line.
  sqlite.run("PRAGMA synchronous = FULL")
  sqlite.run("PRAGMA foreign_keys = ON")
  sqlite.run(`PRAGMA mmap_size = ${mmapBytes}`)

  const db = drizzle(sqlite, { schema })
  migrate(db, { migrationsFolder: join(import.meta.dir, "../../drizzle/migrations") })
  sqlite.run(triggers)
  sqlite.run(`PRAGMA busy_timeout = ${busyMs}`)
  return { db, sqlite, commits: new Commits(sqlite), stamp: stampsOf(sqlite), close: () => sqlite.close() }
}
