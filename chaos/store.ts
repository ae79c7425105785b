import { Database } from "bun:sqlite"
import type { Seen } from "../tests/integration/transports/page.ts"

/** A message as stored. */
export interface StoredMessage extends Seen {
  channelId: string
  editedAt: number | null
}

/** The content of the database, read without the server's code. */
export interface StoreContent {
  /** Ordered by position. */
  messages: StoredMessage[]
  /** Last change of each channel, by channel id. */
  heads: Map<string, number>
}

type MessageRow = Omit<StoredMessage, "edited" | "deleted" | "elements"> & { deletedAt: number | null }

export function readStore(path: string): StoreContent {
  const rows = readRows<MessageRow>(
    path,
    `select id, channel_id as channelId, user_id as author, content, position, seq,
       edited_at as editedAt, deleted_at as deletedAt from messages order by position`,
  )
  const messages = rows.map(({ deletedAt, ...row }) => ({
    ...row,
    edited: row.editedAt !== null && deletedAt === null,
    deleted: deletedAt !== null,
    elements: [],
  }))
  return { messages, heads: readHeads(path) }
}

/** The `seq` of the last change of each channel, by channel id. */
export function readHeads(path: string): Map<string, number> {
  const rows = readRows<{ id: string; seq: number }>(path, "select id, seq from channels")
  return new Map(rows.map(({ id, seq }) => [id, seq]))
}

function readRows<Row>(path: string, query: string): Row[] {
  const database = new Database(path, { readonly: true })
  database.run("PRAGMA busy_timeout = 5000")
  try {
    return database.query<Row, []>(query).all()
  } finally {
    database.close()
  }
}
