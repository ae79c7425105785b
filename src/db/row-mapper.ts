import { Column, is, SQL, Subquery } from "drizzle-orm"
import type { SelectedFieldsOrdered } from "drizzle-orm/sqlite-core"

export type RowMapper = (row: unknown[]) => Record<string, unknown>

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

/**
 * Returns a function that makes objects of a statement's rows, as Drizzle does, which looks at each cell for what kind of
 * field it is: this looks once for each column (a page of history: 50 messages of 16 columns). `undefined` for nested
 * fields, which Drizzle has to map itself.
 */
export function rowMapper(fields: SelectedFieldsOrdered): RowMapper | undefined {
  if (fields.some(({ path }) => path.length !== 1)) return undefined

  const columns = fields.map(({ path, field }) => ({ name: path[0] ?? "", decoder: decoderOf(field) }))
  const empty: Record<string, unknown> = Object.fromEntries(columns.map(({ name }) => [name, null]))
  return (row) => {
    // A copy that has all fields: adding them one by one takes twice as long.
    const mapped = { ...empty }
    let index = 0
    for (const { name, decoder } of columns) {
      const value = row[index++]
      if (value !== null) mapped[name] = decoder.mapFromDriverValue(value)
    }
    return mapped
  }
}

function decoderOf(field: SelectedFieldsOrdered[number]["field"]): Decoder {
  if (is(field, Column)) return field

  const expression = is(field, SQL) ? field : is(field, Subquery) ? field._.sql : field.sql
  // Drizzle does not declare it.
  return (expression as unknown as { decoder: Decoder }).decoder
}
