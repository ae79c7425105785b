import type { Db } from "../../db/open.ts"
import { type Message, pageSize } from "../messages/contract.ts"
import { findPosition, listAfter, listBefore } from "../messages/store.ts"

/** One page of a channel's history. */
export interface HistoryPage {
  messages: Message[]
  /** Is there more before the first message, and after the last? */
  hasOlder: boolean
  hasNewer: boolean
}

/** Which page: next to a position, around a message, or the newest where nothing is given. */
export interface HistoryQuery {
  before?: number
  after?: number
  /** The id of a message. */
  around?: string
  /** The page at the first unread message; the newest if all are read. */
  unread?: boolean
}

/** Messages shown before the one that a permalink opens at. */
const contextSize = Math.floor(pageSize / 2)
/** Messages shown before the first unread one. */
const readContextSize = 10

/** The page that a query string asks for; `null` when a position in it is not a number. */
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

/** Is it the end of the log, however much of it was read? */
export function isNewest({ before, after, around }: HistoryQuery): boolean {
  return [before, after, around].every((one) => one === undefined)
}

/** Reads the page at the first message after a position, with a few before it. */
export async function readOnFrom(db: Db, channelId: string, position: number): Promise<HistoryPage> {
  return readNear(db, { channelId, position: position + 1, contextSize: readContextSize })
}

/** Reads a page; `undefined` for a page around a message that is not in the channel. */
export async function readHistory(
  db: Db,
  channelId: string,
  query: HistoryQuery,
): Promise<HistoryPage | undefined> {
  if (query.around !== undefined) return readAround(db, channelId, query.around)
  if (query.after !== undefined) return readAfter(db, channelId, query.after)

  // One more than is shown tells whether there are more.
  const before = query.before ?? Number.MAX_SAFE_INTEGER
  const found = await listBefore(db, channelId, before, pageSize + 1)
  return {
    messages: found.slice(-pageSize),
    hasOlder: found.length > pageSize,
    hasNewer: query.before !== undefined,
  }
}

async function readAfter(db: Db, channelId: string, after: number): Promise<HistoryPage> {
  const found = await listAfter(db, channelId, after, pageSize + 1)
  return { messages: found.slice(0, pageSize), hasOlder: after > 0, hasNewer: found.length > pageSize }
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
