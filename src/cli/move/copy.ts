import { type SQL, sql } from "drizzle-orm"
import type { Db, Tx } from "../../db/database.ts"
import { deferForeignKeys, elementsOf } from "../../db/dialect.ts"
import { replacedJump } from "../../db/log-numbers.ts"
import { type CopiedTable, copiedTables } from "./tables.ts"

/** Rows that are read and written at once. */
const batchSize = 2000

/** What a table contains: equal for equal rows. */
interface TableContent {
  rows: number
  hash: string
}

/**
 * Copies all rows into an empty database, and compares what is there afterwards with what was read. Throws when it
 * differs, or the database is not empty. Tells `onCopied` of each table.
 */
export async function copyAll(
  from: Db,
  to: Tx,
  onCopied: (table: string, rows: number) => void = () => {},
): Promise<void> {
  const [user] = await to.all(sql`select id from users limit 1`)
  if (user) throw new Error("The target is not empty")

  const tables = copiedTables()
  await to.run(
    deferForeignKeys(
      to,
      tables.flatMap((table) => table.forwardReferences),
    ),
  )
  for (const table of tables) {
    // Migrations may have left rows of their own.
    await to.run(sql`delete from ${sql.identifier(table.name)}`)
    const copied = await copyTable(from, to, table)
    const there = await contentOf(to, table)
    if (there.rows !== copied.rows || there.hash !== copied.hash) {
      throw new Error(`${table.name} differs after copying: ${there.rows} of ${copied.rows} rows are there`)
    }
    onCopied(table.name, copied.rows)
  }
  await to.run(sql`update channels set seq = seq + ${replacedJump}`)
}

async function copyTable(from: Db, to: Tx, table: CopiedTable): Promise<TableContent> {
  const columns = table.columns.map(({ isInteger }, i) => {
    const value = sql.raw(`value ->> ${i}`)
    return isInteger ? sql`cast(${value} as bigint)` : value
  })
  const insert = (rows: unknown[][]) => sql`
    insert into ${sql.identifier(table.name)} (${listOf(table.columns.map(({ name }) => name))})
    select ${sql.join(columns, sql`, `)} from ${elementsOf(to, JSON.stringify(rows))}`
  return digest(readRows(from, table), (rows) => to.run(insert(rows)))
}

/** What a table contains. */
export function contentOf(db: Db, table: CopiedTable): Promise<TableContent> {
  return digest(readRows(db, table))
}

async function digest(
  batches: AsyncGenerator<unknown[][]>,
  use: (rows: unknown[][]) => Promise<unknown> = async () => {},
): Promise<TableContent> {
  const hasher = new Bun.CryptoHasher("sha256")
  let count = 0
  for await (const rows of batches) {
    await use(rows)
    count += rows.length
    for (const row of rows) hasher.update(`${JSON.stringify(row)}\n`)
  }
  return { rows: count, hash: hasher.digest("hex") }
}

/** A table's rows in the order of their key, as arrays of integers, texts and `null`. */
async function* readRows(db: Db, { name, columns, key }: CopiedTable): AsyncGenerator<unknown[][]> {
  const keyIndexes = key.map((column) => columns.findIndex((one) => one.name === column))
  let after: SQL = sql`true`
  for (;;) {
    const found = await db.all<Record<string, unknown>>(sql`
      select ${listOf(columns.map((column) => column.name))} from ${sql.identifier(name)}
      where ${after} order by ${listOf(key)} limit ${batchSize}`)
    const rows = found.map((row) => columns.map((column) => storable(row[column.name])))
    if (rows.length > 0) yield rows
    const last = found.at(-1)
    if (!last || found.length < batchSize) return

    const place = keyIndexes.map((index) => sql`${last[columns[index]?.name ?? ""]}`)
    after = sql`(${listOf(key)}) > (${sql.join(place, sql`, `)})`
  }
}

/** Postgres stores no NUL; the chat has not let one in for long. */
function storable(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\ufffd") : value
}

function listOf(names: string[]): SQL {
  return sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  )
}
