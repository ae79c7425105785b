import { test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { is, type SQL, sql } from "drizzle-orm"
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core"
import * as schema from "../../drizzle/schema.ts"
import { type Config, parseConfig } from "../../src/config.ts"
import type { Database } from "../../src/db/database.ts"
import { openPostgres } from "../../src/db/postgres/open.ts"
import { openSqlite, type SqliteDatabase } from "../../src/db/sqlite/open.ts"
import { copyTemplate, createPostgresDatabase, makeTemplate, type Template } from "./postgres.ts"

/** With `DATABASE=postgres` the tests use Postgres, and SQLite otherwise. */
export const isOnPostgres = process.env.DATABASE === "postgres"

/** A test of what only SQLite has, such as its file, its plans and its locks. */
export const testOnSqlite = test.skipIf(isOnPostgres)

/** A test of what only Postgres has. */
export const testOnPostgres = test.skipIf(!isOnPostgres)

/** A few are enough for one node in a test, and each costs time to open. */
const connections = { read: 1, append: 2, decide: 1, note: 1 }

/** What a new database begins with; `null`: with nothing. */
export type Snapshot = { file: Uint8Array } | { template: Template } | null

/** A row by the names of its columns. */
type StoredRow = Record<string, unknown>

export interface OpenTestDatabase {
  database: Database
  config: Config
  /** The SQLite file; a file that is not there on Postgres. */
  path: string
  /** Closes the database and deletes it. */
  close(): Promise<void>
}

/** Creates and opens a database; `environment` is the chat's, beside where its data is. */
export async function openTestDatabase(
  from: Snapshot,
  environment: Record<string, string>,
): Promise<OpenTestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "covenant-"))
  const path = join(folder, "chat.db")
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  if (!isOnPostgres) {
    if (from && "file" in from) writeFileSync(path, from.file)
    const database = openSqlite(path)
    await reverseUnordered(database)
    const close = () => database.close().then(removeFolder)
    return { database, config: testConfig({ DATABASE_URL: path, ...environment }), path, close }
  }
  const isCopy = from && "template" in from
  const postgres = await (isCopy ? copyTemplate(from.template) : createPostgresDatabase())
  const database = await openPostgres(postgres.url, { connections })
  const place = { DATABASE_URL: postgres.url, FILES_URL: join(folder, "files") }
  async function close() {
    await database.close()
    await postgres[Symbol.asyncDispose]()
    removeFolder()
  }
  return { database, config: testConfig({ ...place, ...environment }), path, close }
}

/**
 * Rows that no `order by` sorts come in the opposite order. Postgres promises none, but mostly gives the one of insertion:
 * what relies on that fails always, and not now and then.
 */
async function reverseUnordered(database: SqliteDatabase): Promise<void> {
  const statement = "pragma reverse_unordered_selects = on"
  database.sqlite.run(statement)
  await readRows(database, statement)
}

/** Closes a database and keeps what it holds, for copies of it. */
export async function snapshot({ database, config, close }: OpenTestDatabase): Promise<Snapshot> {
  if (!("url" in config.database)) {
    const file = sqliteOf(database).serialize()
    await close()
    return { file }
  }
  await database.close()
  return { template: await makeTemplate(config.database.url) }
}

/** The configuration of a chat without limits and without a network. */
export function testConfig(environment: Record<string, string>): Config {
  return parseConfig({
    RATE_LIMIT_MESSAGES: "off",
    RATE_LIMIT_LOGINS: "off",
    LINK_PREVIEWS: "off",
    AUTH_SECRET: "a secret that is only used in tests",
    ...environment,
  })
}

/** The connection that writes an SQLite file, for tests of what only SQLite has. */
export function sqliteOf(database: Database): SqliteDatabase["sqlite"] {
  if (!("sqlite" in database)) throw new Error("This test is for SQLite: make it with `testOnSqlite`")
  return (database as SqliteDatabase).sqlite
}

/** Rows of a statement, for what no procedure shows. */
export function readRows({ db }: Pick<Database, "db">, statement: SQL | string): Promise<StoredRow[]> {
  return db.all(typeof statement === "string" ? sql.raw(statement) : statement)
}

/** Changes rows behind the chat's back, as time or another program would. */
export async function changeRows(
  { commits }: Pick<Database, "commits">,
  statement: SQL | string,
): Promise<void> {
  await commits.decide((tx) => tx.run(typeof statement === "string" ? sql.raw(statement) : statement))
}

/** Every row of every table, in an order that does not depend on where the rows are stored. */
export async function readEverything(database: Pick<Database, "db">): Promise<Record<string, StoredRow[]>> {
  const tables = Object.values(schema).filter((each) => is(each, SQLiteTable))
  const contents = tables.map(async (table) => {
    const { name } = getTableConfig(table)
    const rows = await readRows(database, `select * from "${name}"`)
    const byContent = rows.map((row) => [JSON.stringify(row), row] as const)
    return [
      name,
      byContent.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row),
    ] as const
  })
  return Object.fromEntries(await Promise.all(contents))
}

/** Is a text anywhere in what is stored? */
export async function isStored(database: Database, text: string): Promise<boolean> {
  if (!isOnPostgres) return Buffer.from(sqliteOf(database).serialize()).includes(text)
  return JSON.stringify(await readEverything(database)).includes(text)
}
