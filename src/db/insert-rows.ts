import { type Column, getTableColumns, type SQL, sql } from "drizzle-orm"
import type { SQLiteTable } from "drizzle-orm/sqlite-core"
import type { Tx } from "./database.ts"
import { byDialect, elementsOf } from "./dialect.ts"

/** A row by the names of its columns in Drizzle; those that it leaves out are null. */
type Row = Record<string, unknown>

/**
 * Prepares an insertion of any number of rows. SQLite stores each by a statement of its own, which costs less than taking
 * it through JSON; Postgres all by one, because there a statement costs more than a row.
 */
export function prepareInsert(tx: Tx, table: SQLiteTable): (rows: Row[]) => Promise<unknown> {
  const columns = Object.entries(getTableColumns(table))
  const one = () => {
    const values: Record<string, SQL> = {}
    for (const [name] of columns) values[name] = sql`${sql.placeholder(name)}`
    const statement = tx.insert(table).values(values).prepare()
    return (rows: Row[]) => Promise.all(rows.map((row) => statement.run(stored(row))))
  }
  const all = () => {
    const values = columns.map(([, column], index) => {
      const value = sql`value ->> ${sql.raw(String(index))}`
      return isNumber(column) ? sql`cast(${value} as bigint)` : value
    })
    const statement = tx
      .insert(table)
      .select(sql`select ${sql.join(values, sql`, `)} from ${elementsOf(tx, sql.placeholder("rows"))}`)
      .prepare()
    return (rows: Row[]) =>
      statement.run({ rows: JSON.stringify(rows.map((row) => Object.values(stored(row)))) })
  }

  /** As the database stores it, in the order of the columns. */
  const stored = (row: Row) => {
    const values: Record<string, unknown> = {}
    for (const [name, column] of columns) {
      const value = row[name] ?? null
      values[name] = value === null ? null : column.mapToDriverValue(value)
    }
    return values
  }
  return byDialect(tx, { sqlite: one, postgres: all })()
}

const isNumber = ({ dataType }: Column) => dataType === "number" || dataType === "date"
