import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/**
 * SQLite's full-text index (https://www.sqlite.org/fts5.html), made by a migration of its own. It keeps no text: what
 * was found is read from `messages`.
 */
export const searchIndex = sqliteTable("search_index", {
  id: integer("rowid").primaryKey(),
  /** Of the whole row in a condition; an order to the index where it is written. */
  index: text("search_index"),
  rank: integer("rank"),
  body: text("body").notNull(),
  facts: text("facts").notNull(),
})

/** Numbers for what was written in one millisecond. More than that take those of the next. */
const perMs = 2048

/** The first number of what was written at a time or after it. */
export function firstIdAt(at: number): number {
  return Math.min(Math.max(at * perMs, 0), Number.MAX_SAFE_INTEGER)
}

/** When what has a number was written. */
export function timeOf(id: number): Date {
  return new Date(Math.floor(id / perMs))
}

/** Several of the index's conditions, as one. */
export const allOf = (conditions: string[]) => conditions.map((one) => `(${one})`).join(" AND ")
export const anyOf = (conditions: string[]) => conditions.map((one) => `(${one})`).join(" OR ")
/** All of the first and none of the second. The index looks for those first, and goes no further than they do. */
export const butNot = (required: string[], excluded: string[]) =>
  excluded.length > 0 ? `(${allOf(required)}) NOT (${anyOf(excluded)})` : allOf(required)

/** Words in a row in what a message says. Between quotation marks nothing means anything to the index. */
export const saying = (phrase: string[]) => `body : ${quote(phrase.join(" "))}`
/** One of these is known of a message. */
export const known = (facts: string[]) => `facts : (${facts.map(quote).join(" OR ")})`

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
