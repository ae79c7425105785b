import { Database } from "bun:sqlite"
import type { Seen } from "../tests/integration/transports/page.ts"

/** A message as it is on disk. */
export interface Stored extends Seen {
  channelId: string
  editedAt: number | null
}

/** What is on disk, read by other means than the server's. */
export interface Store {
  /** In order of position. */
  messages: Stored[]
  /** How many changes each channel counts. */
  heads: Map<string, number>
}

type Row = Omit<Stored, "edited" | "deleted" | "elements"> & { deletedAt: number | null }

export function readStore(path: string): Store {
  const rows = read<Row>(
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

/** The number of the last change of each channel. */
export function readHeads(path: string): Map<string, number> {
  const rows = read<{ id: string; seq: number }>(path, "select id, seq from channels")
  return new Map(rows.map(({ id, seq }) => [id, seq]))
}

function read<Row>(path: string, query: string): Row[] {
  const database = new Database(path, { readonly: true })
  database.run("PRAGMA busy_timeout = 5000")
  try {
    return database.query<Row, []>(query).all()
  } finally {
    database.close()
  }
}
