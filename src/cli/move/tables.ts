import { is } from "drizzle-orm"
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core"
import * as schema from "../../../drizzle/schema.ts"

/** A table that is copied, in terms of the database. */
export interface CopiedTable {
  name: string
  columns: { name: string; isInteger: boolean }[]
  /** The columns of its primary key. */
  key: string[]
  /** Foreign keys to rows that may be copied later, by the names that Postgres knows them by. */
  forwardReferences: string[]
}

/** The index is made anew from the messages. */
const isIndex = (name: string) => name.startsWith("search_")

/** All tables, those first that others refer to. */
export function copiedTables(): CopiedTable[] {
  const all = Object.values<unknown>(schema).filter((value) => is(value, SQLiteTable))
  const configs = all.map((table) => getTableConfig(table)).filter(({ name }) => !isIndex(name))
  const ordered: CopiedTable[] = []
  const visit = (name: string, path: string[]) => {
    const config = configs.find((one) => one.name === name)
    if (!config || path.includes(name) || ordered.some((table) => table.name === name)) return

    const references = config.foreignKeys.map((key) => {
      const { columns, foreignTable } = key.reference()
      return { column: columns[0]?.name ?? "", to: getTableConfig(foreignTable).name }
    })
    for (const { to } of references) visit(to, [...path, name])
    const isCopied = (other: string) => ordered.some((table) => table.name === other)
    const forward = references.filter(({ to }) => !isCopied(to))
    const keyed = config.primaryKeys[0]?.columns ?? config.columns.filter(({ primary }) => primary)
    ordered.push({
      name,
      columns: config.columns.map((column) => ({
        name: column.name,
        isInteger: column.getSQLType() === "integer",
      })),
      key: keyed.map((column) => column.name),
      forwardReferences: forward.map(({ column }) => `${name}_${column}_fk`),
    })
  }
  for (const { name } of configs) visit(name, [])
  return ordered
}
