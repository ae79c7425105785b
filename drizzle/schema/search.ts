import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

// The full-text index.

/**
 * The cursor of each log in the full-text index `search_index`. Has no foreign keys: rows whose channel was deleted show
 * what must be removed from the index.
 */
export const searchLogs = sqliteTable("search_logs", {
  id: integer("id").primaryKey(),
  channelId: text("channel_id").notNull().unique(),
  /** The last indexed change. */
  seq: integer("seq").notNull(),
  /** The rules by which all of its messages are indexed. */
  wordsVersion: integer("words_version").notNull().default(1),
  /** Newer rules by which its messages are indexed again, up to `renewedSeq`; 0 for none. */
  nextVersion: integer("next_version").notNull().default(0),
  renewedSeq: integer("renewed_seq").notNull().default(0),
})

/** Indexed messages and their row ids in the index, which grow with the time of the message, for newest-first reads. */
export const searchDocuments = sqliteTable(
  "search_documents",
  {
    /** `rowid` in the index. */
    id: integer("id").primaryKey(),
    /** An id of `search_logs`. */
    log: integer("log").notNull(),
    /** The message's `position` in its log. */
    position: integer("position").notNull(),
  },
  (table) => [uniqueIndex("search_documents_place").on(table.log, table.position)],
)

/** A lower bound for the number of indexed messages in each span of time: estimates the cost of searching it. */
export const searchSpans = sqliteTable("search_spans", {
  /** The number of the span, counted from 1970. */
  id: integer("id").primaryKey(),
  count: integer("count").notNull(),
})
