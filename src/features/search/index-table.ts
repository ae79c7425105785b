import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/**
 * SQLite's full-text index (https://www.sqlite.org/fts5.html), created by a migration of its own. It is contentless:
 * results are read from `messages`.
 */
export const searchIndex = sqliteTable("search_index", {
  id: integer("rowid").primaryKey(),
  /** FTS5's hidden column: the whole row in a condition, a command such as `merge` in an insert. */
  index: text("search_index"),
  rank: integer("rank"),
  body: text("body").notNull(),
  /** The terms of `document.ts`. */
  facts: text("facts").notNull(),
})

/** Ids for the messages of one millisecond. Further messages take the ids of the next millisecond. */
const idsPerMs = 2048

/** The first id of messages sent at `at` (milliseconds since 1970) or later. */
export function firstIdAt(at: number): number {
  return Math.min(Math.max(at * idsPerMs, 0), Number.MAX_SAFE_INTEGER)
}

/** When the message with this id was sent. */
export function timeOf(id: number): Date {
  return new Date(Math.floor(id / idsPerMs))
}

// Conditions of FTS5's query language.

/** All of these conditions. */
export const allOf = (conditions: string[]) => conditions.map((condition) => `(${condition})`).join(" AND ")
/** At least one of these conditions. */
export const anyOf = (conditions: string[]) => conditions.map((condition) => `(${condition})`).join(" OR ")
/** All required conditions and no excluded one. FTS5 evaluates the required ones first and stops where they end. */
export const butNot = (required: string[], excluded: string[]) =>
  excluded.length > 0 ? `(${allOf(required)}) NOT (${anyOf(excluded)})` : allOf(required)

/** A message whose text has these words in a row. */
export const bodyPhrase = (words: string[]) => `body : ${quote(words.join(" "))}`
/** A message that has one of these terms. */
export const anyTerm = (terms: string[]) => `facts : (${terms.map(quote).join(" OR ")})`

/** Between quotation marks no character is an operator of FTS5. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
