import { Database as Sqlite } from "bun:sqlite"
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { migrate } from "drizzle-orm/bun-sqlite/migrator"
import { root } from "../../root.ts"
import type { Database, Db, Tx } from "../database.ts"
import { refuseFutureDatabase } from "../database-too-new.ts"
import { SqliteCommits } from "./commits.ts"
import { createSqliteHandle } from "./driver.ts"
import { SqliteVersions } from "./versions.ts"

/** How much of the file is memory-mapped: reading history is 1.5–1.85 times as fast that way. */
const mmapBytes = 512 * 1024 * 1024

/**
 * How long a write waits for another program's lock, in milliseconds. It blocks the whole process, so it is short;
 * clients try again by themselves. At start there are no clients yet.
 */
const lockTimeoutMs = 250
const startLockTimeoutMs = 5000

/** A database in one file, with the connection that writes it. */
export interface SqliteDatabase extends Database {
  readonly sqlite: Sqlite
}

const migrationsFolder = join(root, "drizzle/migrations")

/** Brings the tables up to date. Throws when the database is more than one generation ahead of this version's code. */
export function migrateSqlite(sqlite: Sqlite, db: Parameters<typeof migrate>[0]): void {
  refuseFutureDatabase(countGenerationsAhead(sqlite))
  migrate(db, { migrationsFolder })
}

function countGenerationsAhead(sqlite: Sqlite): number {
  const isNew = sqlite.query("select 1 from sqlite_schema where name = '__drizzle_migrations'").get() === null
  if (isNew) return 0

  const { entries } = JSON.parse(readFileSync(join(migrationsFolder, "meta/_journal.json"), "utf8"))
  const newest: number = entries.at(-1).when
  const ahead = sqlite.query<{ count: number }, [number]>(
    "select count(*) as count from __drizzle_migrations where created_at > ?",
  )
  return ahead.get(newest)?.count ?? 0
}

/** Opens the SQLite file; creates and migrates it as needed. Throws when it cannot be opened or migrated. */
export function openSqlite(path: string): SqliteDatabase {
  mkdirSync(dirname(path), { recursive: true })
  // The file holds sessions and password hashes. SQLite gives its `-wal` and `-shm` files the same mode.
  if (path !== inMemory && !existsSync(path)) closeSync(openSync(path, "a", 0o600))
  const sqlite = connect(path)
  const writing = createSqliteHandle(sqlite)
  migrateSqlite(sqlite, writing)
  sqlite.run(`PRAGMA busy_timeout = ${lockTimeoutMs}`)

  // Readers have a connection of their own, so that they never see what is not committed yet.
  const reader = path === inMemory ? sqlite : connectReader(path)
  const versions = new SqliteVersions(sqlite)
  const commits = new SqliteCommits({
    sqlite,
    tx: writing as unknown as Tx,
    onCommitted: () => versions.committed(),
  })
  return {
    // Statements of SQLite have their result at once; awaiting it costs a microtask.
    db: (reader === sqlite ? writing : createSqliteHandle(reader)) as unknown as Db,
    commits,
    dataVersions: versions,
    sqlite,
    async ping() {
      // Always the same value: SQLite writes the page whether or not it has changed.
      sqlite.run("PRAGMA user_version = 0")
      reader.query("select 1 from users limit 1").get()
    },
    async close() {
      await commits.flush()
      if (reader !== sqlite) reader.close()
      sqlite.close()
    },
  }
}

const inMemory = ":memory:"

function connect(path: string): Sqlite {
  const sqlite = new Sqlite(path, { create: true, strict: true })
  sqlite.run(`PRAGMA busy_timeout = ${startLockTimeoutMs}`)
  sqlite.run("PRAGMA journal_mode = WAL")
  // With FULL a commit survives a power failure. The promise that a confirmed message is never lost rests on this.
  sqlite.run("PRAGMA synchronous = FULL")
  sqlite.run("PRAGMA foreign_keys = ON")
  sqlite.run(`PRAGMA mmap_size = ${mmapBytes}`)
  return sqlite
}

function connectReader(path: string): Sqlite {
  const sqlite = connect(path)
  sqlite.run(`PRAGMA busy_timeout = ${lockTimeoutMs}`)
  sqlite.run("PRAGMA query_only = ON")
  return sqlite
}
