import { type Placeholder, type SQL, sql } from "drizzle-orm"

/** What a database speaks. Only this folder asks; statements of features use what both take, or the functions below. */
type Dialect = "sqlite" | "postgres"

const dialects = new WeakMap<object, Dialect>()

/** Says which dialect a handle's database speaks; SQLite, unless it is said. For the functions that open databases. */
export function registerDialect(db: object, dialect: Dialect): void {
  dialects.set(db, dialect)
}

export function dialectOf(db: object): Dialect {
  return dialects.get(db) ?? "sqlite"
}

/** What is made for a dialect. For the places that put the program together, not for features. */
export function byDialect<T>(db: object, choices: Record<Dialect, T>): T {
  return choices[dialectOf(db)]
}

const isPostgres = (db: object) => dialectOf(db) === "postgres"

type Fields = Record<string, SQL>

/** An object of these fields as JSON text. */
export function asJson(db: object, fields: Fields): SQL<string> {
  return isPostgres(db)
    ? sql<string>`cast(json_build_object(${pairsOf(fields)}) as text)`
    : sql<string>`json_object(${pairsOf(fields)})`
}

/** The rows of a subquery as a JSON array, in its order; for a select list. `fields` name the subquery's columns. */
export function rowsAsJson(db: object, fields: Fields, rows: SQL): SQL<string> {
  const list = isPostgres(db)
    ? sql`coalesce(cast(json_agg(json_build_object(${pairsOf(fields)})) as text), '[]')`
    : sql`json_group_array(json_object(${pairsOf(fields)}))`
  return sql<string>`(select ${list} from (${rows}) as listed)`
}

/** For `in`: the texts of a JSON array. */
export function textsIn(db: object, array: Placeholder | string): SQL {
  return isPostgres(db)
    ? sql`(select ${elementsAsRows(array)})`
    : sql`(select value from json_each(${array}))`
}

/**
 * The texts of a JSON array as rows, on Postgres. It expects ten elements of an unknown array and a hundred of
 * `json_array_elements_text`, for which it would read all of a table of 20,000 users: 2.9 in place of 0.05 ms.
 */
function elementsAsRows(array: Placeholder | string): SQL {
  // As text first: for a parameter of type JSON, Bun makes a JSON string of the text.
  return sql`unnest(array(select json_array_elements_text(cast(cast(${array} as text) as json))))`
}

/** For `from`: the texts of a JSON array, in a column `value`. Joining them costs SQLite less than `in`. */
export function textElementsOf(db: object, array: Placeholder | string): SQL {
  return isPostgres(db) ? sql`${elementsAsRows(array)} as texts (value)` : sql`json_each(${array}) as texts`
}

/** A text inside a column of JSON; `null` where there is none. */
export function jsonText(db: object, column: SQL, path: string[]): SQL<string | null> {
  return isPostgres(db)
    ? sql<string | null>`(cast(${column} as json) #>> ${sql.raw(`'{${path.join(",")}}'`)})`
    : sql<string | null>`json_extract(${column}, ${sql.raw(`'$.${path.join(".")}'`)})`
}

/** A whole number inside a column of JSON; `null` where there is none. */
export function jsonInteger(db: object, column: SQL, path: string[]): SQL<number | null> {
  return sql<number | null>`cast(${jsonText(db, column, path)} as bigint)`
}

/** Where a text first has a part, counted from 1; 0 where it does not. */
export function positionIn(db: object, text: SQL, part: Placeholder): SQL<number> {
  return isPostgres(db) ? sql<number>`strpos(${text}, ${part})` : sql<number>`instr(${text}, ${part})`
}

/** For `from`: the elements of a JSON array, in a column `value`. */
export function elementsOf(db: object, array: Placeholder | string): SQL {
  return isPostgres(db)
    ? sql`json_array_elements(cast(cast(${array} as text) as json)) as elements (value)`
    : sql`json_each(${array}) as elements`
}

/** Lets rows come before those that they refer to, until the commit. Postgres asks which foreign keys are meant. */
export function deferForeignKeys(db: object, names: string[]): SQL {
  const listed = names.map((name) => sql.identifier(name))
  return isPostgres(db)
    ? sql`set constraints ${sql.join(listed, sql`, `)} deferred`
    : sql`pragma defer_foreign_keys = on`
}

function pairsOf(fields: Fields): SQL {
  const pairs = Object.entries(fields).map(([name, value]) => sql`${sql.raw(`'${name}'`)}, ${value}`)
  return sql.join(pairs, sql`, `)
}
