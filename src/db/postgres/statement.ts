/** How many translations are kept. Lists of different lengths make different texts of one statement. */
const maxTranslations = 5_000
const translations = new Map<string, string>()

/** String literals, quoted names and comments, which are not translated; or a placeholder. */
const quotedOrPlaceholder = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\?/g
/** Postgres takes no table's name in the columns of a conflict, but Drizzle writes it. */
const conflictTarget = /\bon conflict \(("\w+"\."\w+"(?:, ?"\w+"\."\w+")*)\)/gi

/** Postgres' object ids of the types that `Bun.SQL` returns otherwise than SQLite does. Source: `pg_type.dat` */
const [boolType, int8Type, jsonType, numericType, jsonbType] = [16, 20, 114, 1700, 3802]

export type Row = unknown[]

/** Rows as arrays, with the columns' names and types. */
export interface Rows extends Array<Row> {
  columns: { name: string; type: number }[]
  command: string
}

/** The text of a statement of Drizzle's SQLite dialect for Postgres. */
export function translate(text: string): string {
  const known = translations.get(text)
  if (known !== undefined) return known

  let placeholders = 0
  const numbered = text.replace(quotedOrPlaceholder, (match) =>
    match === "?" ? `$${++placeholders}` : match,
  )
  const translated = numbered.replace(conflictTarget, (_, columns: string) => {
    return `on conflict (${columns.replace(/"\w+"\./g, "")})`
  })
  if (translations.size >= maxTranslations) translations.clear()
  translations.set(text, translated)
  return translated
}

/**
 * Parameters as Postgres takes them. Strings have no type of their own in the protocol: each takes the type that its
 * place in the statement asks for, as in SQLite, and a statement is prepared once whatever numbers it gets.
 */
export function toParameters(values: unknown[]): unknown[] {
  return values.map((value) => {
    if (typeof value === "string") return value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value
    if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : value
    if (typeof value === "boolean") return value ? "1" : "0"
    if (value instanceof Date) return String(value.getTime())
    return value
  })
}

/** Makes the values of rows what SQLite would return, in place: integers are numbers, booleans 0 and 1, JSON is text. */
export function toSqliteValues(rows: Rows): Row[] {
  if (rows.length === 0) return rows

  for (const [index, { type }] of rows.columns.entries()) {
    const convert = conversions.get(type)
    if (!convert) continue

    for (const row of rows) if (row[index] !== null) row[index] = convert(row[index])
  }
  return rows
}

const conversions = new Map<number, (value: unknown) => unknown>([
  [int8Type, Number],
  [numericType, Number],
  [boolType, Number],
  [jsonType, (value) => JSON.stringify(value)],
  [jsonbType, (value) => JSON.stringify(value)],
])
