import { type SQL, sql } from "drizzle-orm"
import { users } from "../../drizzle/schema.ts"
import { type CopiedTable, copiedTables } from "../../src/cli/move/tables.ts"
import { fillWorkspace } from "../../src/cli/workspace/fill-workspace.ts"
import type { Tx } from "../../src/db/database.ts"
import type { SqliteDatabase } from "../../src/db/sqlite/open.ts"

const odd = "💬 \\ ' \" ? :* 東京 \u{1d11e} \u0001\n"

export const addUser = (tx: Tx) =>
  tx.insert(users).values({ id: "a", username: "a", name: odd, email: "a", updatedAt: new Date(1) })

/** A workspace, and a row in each table that it left empty. */
export async function fillEveryTable({ commits, sqlite }: SqliteDatabase): Promise<void> {
  await commits.decide(addUser)
  fillWorkspace(sqlite, [{ id: "a", username: "a" }], { messages: 2500, members: 20, channels: 3 })
  await commits.decide(async (tx) => {
    for (const table of copiedTables()) {
      const [first] = await tx.all(sql`select 1 as one from ${sql.identifier(table.name)}`)
      if (!first) await tx.run(insertInto(table, await referenced(tx, table)))
    }
  })
}

/** For each column that refers to a table, the id of one of its rows. */
async function referenced(tx: Tx, { name }: CopiedTable): Promise<Map<string, unknown>> {
  const keys = await tx.all<{ from: string; table: string; to: string }>(
    sql`select "from", "table", "to" from pragma_foreign_key_list(${name})`,
  )
  const found = new Map<string, unknown>()
  for (const { from, table, to } of keys) {
    const [row] = await tx.all<{ id: unknown }>(
      sql`select ${sql.identifier(to)} as id from ${sql.identifier(table)} limit 1`,
    )
    found.set(from, row?.id)
  }
  return found
}

function insertInto({ name, columns }: CopiedTable, references: Map<string, unknown>): SQL {
  const values = columns.map((column) => {
    if (references.has(column.name)) return sql`${references.get(column.name)}`
    return column.isInteger ? sql`${Number.MAX_SAFE_INTEGER}` : sql`${`"${odd}"`}`
  })
  const names = columns.map((column) => sql.identifier(column.name))
  return sql`insert into ${sql.identifier(name)} (${sql.join(names, sql`, `)}) values (${sql.join(values, sql`, `)})`
}
