import { existsSync, renameSync, rmSync } from "node:fs"
import { sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { openPostgres } from "../../db/postgres/open.ts"
import { timestamp } from "../../db/sqlite/backup.ts"
import { openExclusively } from "../../db/sqlite/exclusive.ts"
import { openSqlite } from "../../db/sqlite/open.ts"
import { copyAll } from "./copy.ts"
import { copiedTables } from "./tables.ts"

/** How long one statement may take, in milliseconds: more than any of a large table. */
const deadlineMs = 600_000
/** How long connections that were just closed may take to end, in milliseconds. */
const endingMs = 3000
const pollMs = 100

/** Told of each table that was copied. */
export type OnCopied = (table: string, rows: number) => void

/**
 * Copies an SQLite file into an empty Postgres database. The file is kept under another name, which is returned. Throws
 * when a server uses the file or anything differs afterwards; then nothing has changed.
 */
export async function moveToPostgres(path: string, url: string, onCopied?: OnCopied): Promise<string> {
  const source = openExclusively(path)
  const target = await openPostgres(url, { deadlineMs })
  try {
    await target.commits.note("directory", async (tx) => {
      await copyAll(source.db, tx, onCopied)
      // Until it has been looked at, Postgres guesses badly how to search a table.
      await tx.run(sql`analyze`)
    })
    const kept = `${path}.moved-${timestamp()}`
    renameSync(path, kept)
    return kept
  } finally {
    source.close()
    await target.close()
  }
}

/** Copies a Postgres database that no server uses into a new SQLite file. What is in Postgres stays there. */
export async function moveToSqlite(url: string, path: string, onCopied?: OnCopied): Promise<void> {
  if (existsSync(path)) throw new Error(`${path} exists already: name another file`)

  const source = await openPostgres(url, { deadlineMs, connections: { read: 1 } })
  try {
    await refuseInUse(source.db)
    const target = openSqlite(path)
    try {
      await source.commits.note("nothing", async (from) => {
        const names = copiedTables().map(({ name }) => sql.identifier(name))
        await from.run(sql`lock table ${sql.join(names, sql`, `)} in share mode`)
        await target.commits.decide((tx) => copyAll(from, tx, onCopied))
      })
    } finally {
      await target.close()
    }
  } catch (error) {
    for (const ending of ["", "-wal", "-shm"]) rmSync(path + ending, { force: true })
    throw error
  } finally {
    await source.close()
  }
}

/** Throws when other programs of this chat are connected. */
async function refuseInUse(db: Db): Promise<void> {
  const startedAt = performance.now()
  for (;;) {
    const [others] = await db.all<{ count: number }>(sql`
      select count(*) as count from pg_stat_activity
      where datname = current_database() and application_name = 'covenant-chat' and pid <> pg_backend_pid()`)
    if (others?.count === 0) return
    if (performance.now() - startedAt > endingMs) {
      throw new Error("Servers are connected to the database: stop them first")
    }
    await Bun.sleep(pollMs)
  }
}
