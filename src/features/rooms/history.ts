import type { Db } from "../../db/database.ts"
import { type Message, pageSize } from "../messages/contract.ts"
import { findPosition, listAfter, listBefore } from "../messages/store.ts"

/** One page of a channel's history. */
export interface HistoryPage {
  messages: Message[]
  /** Are there messages before the first, and after the last? */
  hasOlder: boolean
  hasNewer: boolean
}

/** Selects a page: next to a position or around a message. Without any of them, the newest. */
export interface HistoryQuery {
  before?: number
  after?: number
  /** The id of a message. */
  around?: string
  /** The page at the first unread message; the newest if all are read. */
  unread?: boolean
}

/** Messages shown before the one that a permalink opens. */
const contextSize = Math.floor(pageSize / 2)
/** Messages shown before the first unread one. */
const readContextSize = 10

/** Parses a query string; `null` when a position in it is not a number. */
export function parseHistoryQuery(query: Record<string, string | undefined>): HistoryQuery | null {
  const { before, after, around } = query
  if (![before, after].every((text) => text === undefined || /^\d{1,15}$/.test(text))) return null

  return {
    before: before === undefined ? undefined : Number(before),
    after: after === undefined ? undefined : Number(after),
    around,
    unread: query.unread !== undefined,
  }
}

/** Does it select the end of the log? */
export function isNewest({ before, after, around }: HistoryQuery): boolean {
  return [before, after, around].every((value) => value === undefined)
}

/** Reads the page at the first message after a position, with a few messages before it. */
export async function readOnFrom(db: Db, channelId: string, position: number): Promise<HistoryPage> {
  return readNear(db, { channelId, position: position + 1, contextSize: readContextSize })
}

/** Reads a page; `undefined` when the message of `around` is not in the channel. */
export async function readHistory(
  db: Db,
  channelId: string,
  query: HistoryQuery,
): Promise<HistoryPage | undefined> {
  if (query.around !== undefined) return readAround(db, channelId, query.around)
  if (query.after !== undefined) return readAfter(db, channelId, query.after)

  // Reads one more than the page shows, to know whether there are older messages.
  const before = query.before ?? Number.MAX_SAFE_INTEGER
  const rows = await listBefore(db, channelId, before, pageSize + 1)
  return {
    messages: rows.slice(-pageSize),
    hasOlder: rows.length > pageSize,
    hasNewer: query.before !== undefined,
  }
}

async function readAfter(db: Db, channelId: string, after: number): Promise<HistoryPage> {
  const rows = await listAfter(db, channelId, after, pageSize + 1)
  return { messages: rows.slice(0, pageSize), hasOlder: after > 0, hasNewer: rows.length > pageSize }
}

async function readAround(db: Db, channelId: string, id: string): Promise<HistoryPage | undefined> {
  const position = await findPosition(db, channelId, id)
  return position === undefined ? undefined : readNear(db, { channelId, position, contextSize })
}

interface Near {
  channelId: string
  position: number
  /** Messages before the position. */
  contextSize: number
}

async function readNear(db: Db, { channelId, position, contextSize }: Near): Promise<HistoryPage> {
  const before = await listBefore(db, channelId, position, contextSize + 1)
  const after = await listAfter(db, channelId, position - 1, pageSize - contextSize + 1)
  return {
    messages: [...before.slice(-contextSize), ...after.slice(0, pageSize - contextSize)],
    hasOlder: before.length > contextSize,
    hasNewer: after.length > pageSize - contextSize,
  }
}
