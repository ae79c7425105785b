import { Database } from "bun:sqlite"
import { SQL } from "bun"
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

/** Runs queries that SQLite and Postgres both take, on connections of its own. */
export interface Store {
  rows(query: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export async function readStore(store: Store): Promise<StoreContent> {
  const rows = await store.rows(
    `select id, channel_id, user_id, content, position, seq, edited_at, deleted_at from messages order by position`,
  )
  return { messages: rows.map(messageFrom), heads: await readHeads(store) }
}

/** The `seq` of the last change of each channel, by channel id. */
export async function readHeads(store: Store): Promise<Map<string, number>> {
  const rows = await store.rows("select id, seq from channels")
  return new Map(rows.map(({ id, seq }) => [String(id), Number(seq)]))
}

/** Opens the file for each query: the server is killed and restored meanwhile. */
export function sqliteStore(path: string): Store {
  return {
    async rows(query) {
      const database = new Database(path, { readonly: true })
      database.run("PRAGMA busy_timeout = 5000")
      try {
        return database.query<Record<string, unknown>, []>(query).all()
      } finally {
        database.close()
      }
    },
    close: async () => {},
  }
}

export function postgresStore(url: string): Store {
  const sql = new SQL(url, { max: 1 })
  return {
    rows: (query) => sql.unsafe(query),
    close: () => sql.close({ timeout: 0 }),
  }
}

/** Postgres returns numbers of eight bytes as text. */
function messageFrom(row: Record<string, unknown>): StoredMessage {
  const { id, channel_id, user_id, content, position, seq, edited_at, deleted_at } = row
  const deleted = deleted_at !== null
  return {
    id: String(id),
    channelId: String(channel_id),
    author: String(user_id),
    content: String(content),
    position: Number(position),
    seq: Number(seq),
    editedAt: edited_at === null ? null : Number(edited_at),
    edited: edited_at !== null && !deleted,
    deleted,
    elements: [],
  }
}
