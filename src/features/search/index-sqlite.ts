import { and, desc, eq, isNull, sql } from "drizzle-orm"
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { channels, messages, searchDocuments, searchLogs, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"
import { foundColumns } from "./store.ts"
import { anyTerm, type Condition, type Match, type WordIndex } from "./word-index.ts"

/**
 * SQLite's full-text index (https://www.sqlite.org/fts5.html), created by a migration of its own. It is contentless:
 * results are read from `messages`.
 */
const searchIndex = sqliteTable("search_index", {
  id: integer("rowid").primaryKey(),
  /** FTS5's hidden column: the whole row in a condition, a command such as `merge` in an insert. */
  index: text("search_index"),
  rank: integer("rank"),
  body: text("body").notNull(),
  /** The terms of `document.ts`. */
  facts: text("facts").notNull(),
})

const id = sql.placeholder("id")
const viewerId = sql.placeholder("viewerId")
const limit = sql.placeholder("limit")
const match = sql`${sql.raw("search_index")} match ${sql.placeholder("match")}`

const statements = prepare((db) => ({
  // `cross join` fixes the order of tables in SQLite: the index yields the newest first, and the limit ends the scan.
  newest: db
    .select({ id: searchIndex.id, ...foundColumns })
    .from(searchIndex)
    .crossJoin(searchDocuments)
    .crossJoin(searchLogs)
    .crossJoin(messages)
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(
      and(
        match,
        sql`${searchIndex.id} between ${sql.placeholder("low")} and ${sql.placeholder("high")}`,
        eq(searchDocuments.id, searchIndex.id),
        eq(searchLogs.id, searchDocuments.log),
        eq(messages.channelId, searchLogs.channelId),
        eq(messages.position, searchDocuments.position),
        isNull(messages.deletedAt),
        isNull(channels.archivedAt),
        readableBy(viewerId),
      ),
    )
    .orderBy(desc(searchIndex.id))
    .limit(limit)
    .prepare(),
  nth: db
    .select({ id: searchIndex.id })
    .from(searchIndex)
    .where(match)
    .limit(1)
    .offset(sql.placeholder("count"))
    .prepare(),
  some: db.select({ id: searchIndex.id }).from(searchIndex).where(match).limit(limit).prepare(),
  changedRows: db.select({ count: sql<number>`total_changes()` }).from(sql`(select 1)`).prepare(),
}))

const writes = prepareWrites((tx) => ({
  insert: tx
    .insert(searchIndex)
    .values({ id, body: sql.placeholder("body"), facts: sql.placeholder("facts") })
    .prepare(),
  delete: tx.delete(searchIndex).where(eq(searchIndex.id, id)).prepare(),
  merge: tx
    .insert(searchIndex)
    .values({ index: "merge", rank: sql.placeholder("pages"), body: "", facts: "" })
    .prepare(),
}))

export const sqliteWords: WordIndex = {
  /** Processor time, for which the process waits: the disk and other processes do not count. */
  spentMs() {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  },

  hasMore,

  async findRare(db, conditions, count) {
    for (const one of conditions) {
      if (!(await hasMore(db, { required: [one], excluded: [] }, count))) return one
    }
    return undefined
  },

  /**
   * The scan ends with the limit; with fewer matches it runs on to the next match below `low`, however far away that
   * is.
   */
  listNewest: (db, { required, excluded, ...search }) =>
    statements(db).newest.all({ ...search, match: toQuery({ required, excluded }) }),

  async listIds(db, term, limit) {
    const match = toQuery({ required: [anyTerm([term])], excluded: [] })
    const rows = await statements(db).some.all({ match, limit })
    return rows.map(({ id }) => id)
  },

  async insert(tx, document) {
    await writes(tx).insert.run({ ...document })
  },

  async delete(tx, id) {
    await writes(tx).delete.run({ id })
  },

  async merge(tx, pages) {
    const { changedRows } = statements(tx)
    const before = (await changedRows.get())?.count ?? 0
    await writes(tx).merge.run({ pages })
    // Source: https://www.sqlite.org/fts5.html#the_merge_command
    return ((await changedRows.get())?.count ?? 0) - before >= 2
  },
}

async function hasMore(db: Db, match: Match, count: number): Promise<boolean> {
  return (await statements(db).nth.get({ match: toQuery(match), count })) !== undefined
}

/** The search statement as SQL, for the test of its query plan. */
export function searchRead(db: Db): string {
  return statements(db).newest.getQuery().sql
}

/** A condition of FTS5's query language. It evaluates the required ones first and stops where they end. */
function toQuery({ required, excluded }: Match): string {
  const all = required.map((one) => `(${conditionOf(one)})`).join(" AND ")
  const none = excluded.map((one) => `(${conditionOf(one)})`).join(" OR ")
  return none === "" ? all : `(${all}) NOT (${none})`
}

function conditionOf(condition: Condition): string {
  if ("phrase" in condition) return `body : ${quote(condition.phrase.join(" "))}`
  if ("prefix" in condition) return `body : ${quote(condition.prefix)} *`

  const anyTerm = `facts : (${condition.terms.map(quote).join(" OR ")})`
  return "word" in condition ? `(body : ${quote(condition.word)}) OR (${anyTerm})` : anyTerm
}

/** Between quotation marks no character is an operator of FTS5. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
