import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { ReservedSQL } from "bun"
import { root } from "../../root.ts"
import { refuseFutureDatabase } from "../database-too-new.ts"
import { type ConnectionOptions, connect } from "./connections.ts"
import { postgresCode } from "./failures.ts"

interface Migration {
  name: string
  statements: string[]
  /** Creates indexes without locking their tables, which Postgres refuses in a transaction. */
  isConcurrent: boolean
}

const folder = join(root, "drizzle/postgres")
const breakpoint = "--> statement-breakpoint"
/** Locked by the node that migrates. An arbitrary number, beside a hash of the schema's name. */
const migrationLock = 4_120_011

/** How long a migration waits for a lock, in milliseconds. Everyone who wants that table waits behind it. */
const lockTimeoutMs = 3_000
/** How often a migration is tried that did not get its locks. */
const maxAttempts = 10
/** How often a node looks whether another one has finished migrating, in milliseconds. */
const pollMs = 100
const lockNotAvailable = "55P03"

/**
 * Brings the tables up to date, once however many nodes start. Throws when the database is more than one generation
 * ahead of this version's code.
 */
export async function migrate(options: ConnectionOptions, migrations = readMigrations()): Promise<void> {
  // No deadline: an index on a large table takes long.
  const pool = connect({ ...options, deadlineMs: 0 }, 1)
  try {
    const connection = await pool.reserve()
    await connection.unsafe(`set lock_timeout = ${lockTimeoutMs}`)
    await lock(connection, options.schema)
    const applied = await readApplied(connection)
    refuseFutureDatabase(countGenerationsAhead(migrations, applied))
    for (const migration of migrations) if (!applied.has(migration.name)) await apply(connection, migration)
  } finally {
    // Frees the lock.
    await pool.close({ timeout: 0 })
  }
}

/** The migrations that this version knows, in their order. */
export function readMigrations(): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".sql"))
  return files.toSorted().map((file) => {
    const text = readFileSync(join(folder, file), "utf8")
    const isConcurrent = /\bconcurrently\b/i.test(text)
    return { name: file.replace(".sql", ""), statements: text.split(breakpoint), isConcurrent }
  })
}

/** Asks again and again instead of waiting, since creating an index concurrently waits for whoever waits. */
async function lock(connection: ReservedSQL, schema: string): Promise<void> {
  const statement = "select pg_try_advisory_lock($1, hashtext($2)) as is_locked"
  for (;;) {
    const [row] = await connection.unsafe(statement, [migrationLock, schema])
    if (row.is_locked) return
    await Bun.sleep(pollMs)
  }
}

async function readApplied(connection: ReservedSQL): Promise<Set<string>> {
  await connection.unsafe(
    "create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())",
  )
  const rows: { name: string }[] = await connection.unsafe("select name from migrations")
  return new Set(rows.map(({ name }) => name))
}

function countGenerationsAhead(migrations: Migration[], applied: Set<string>): number {
  const known = new Set(migrations.map(generationOf))
  const unknown = [...applied].map((name) => generationOf({ name })).filter((each) => !known.has(each))
  return new Set(unknown).size
}

/** Migrations whose names begin with the same number are one generation. */
function generationOf({ name }: Pick<Migration, "name">): string {
  return name.slice(0, 4)
}

async function apply(connection: ReservedSQL, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await (migration.isConcurrent
        ? runAll(connection, migration)
        : runInTransaction(connection, migration))
    } catch (error) {
      if (attempt === maxAttempts || postgresCode(error) !== lockNotAvailable) throw error
    }
    await Bun.sleep(pollMs)
  }
}

async function runInTransaction(connection: ReservedSQL, migration: Migration): Promise<void> {
  await connection.unsafe("begin")
  try {
    await runAll(connection, migration)
    await connection.unsafe("commit")
  } catch (error) {
    await connection.unsafe("rollback")
    throw error
  }
}

async function runAll(connection: ReservedSQL, { name, statements }: Migration): Promise<void> {
  for (const statement of statements) await connection.unsafe(statement)
  await connection.unsafe("insert into migrations (name) values ($1)", [name])
}
