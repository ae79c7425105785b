import { Database as Sqlite } from "bun:sqlite"
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs"
import { dirname, join } from "node:path"
import { drizzle } from "drizzle-orm/bun-sqlite"
import { migrate } from "drizzle-orm/bun-sqlite/migrator"
import * as schema from "../../drizzle/schema.ts"
import { type DataVersions, SqliteVersions } from "../cache/versions.ts"
import { Commits } from "./commits.ts"

/** Drizzle's handle, for statements. */
export type Db = ReturnType<typeof drizzle<typeof schema>>
/** An open database; see `openDatabase`. */
export type Database = ReturnType<typeof openDatabase>

/** How much of the file is memory-mapped: reading history is 1.5–1.85 times as fast that way. */
const mmapBytes = 512 * 1024 * 1024

/**
 * How long a write waits for another program's lock, in milliseconds. It blocks the whole process, so it is short;
 * clients try again by themselves. At start there are no clients yet.
 */
const lockTimeoutMs = 250
const startLockTimeoutMs = 5000

/**
 * Opens the SQLite file; creates and migrates it as needed. Throws when it cannot be opened or migrated. Returns
 * Drizzle's `db`, the raw `sqlite`, `commits` for durable writes and `dataVersions` for caches.
 */
export function openDatabase(path: string) {
  mkdirSync(dirname(path), { recursive: true })
  // The file holds sessions and password hashes. SQLite gives its `-wal` and `-shm` files the same mode.
  if (path !== ":memory:" && !existsSync(path)) closeSync(openSync(path, "a", 0o600))
  const sqlite = new Sqlite(path, { create: true, strict: true })
  sqlite.run(`PRAGMA busy_timeout = ${startLockTimeoutMs}`)
  sqlite.run("PRAGMA journal_mode = WAL")
  // With FULL a commit survives a power failure. The promise that a confirmed message is never lost rests on this.
  sqlite.run("PRAGMA synchronous = FULL")
  sqlite.run("PRAGMA foreign_keys = ON")
  sqlite.run(`PRAGMA mmap_size = ${mmapBytes}`)

  const db = drizzle(sqlite, { schema })
  migrate(db, { migrationsFolder: join(import.meta.dir, "../../drizzle/migrations") })
  sqlite.run(`PRAGMA busy_timeout = ${lockTimeoutMs}`)
  const dataVersions: DataVersions = new SqliteVersions(sqlite)
  return { db, sqlite, commits: new Commits(sqlite), dataVersions, close: () => sqlite.close() }
}
