import type { Db } from "../../db/open.ts"
import { type Message, pageSize } from "../messages/contract.ts"
import { findPosition, listAfter, listBefore } from "../messages/store.ts"

/** One page of a channel's history. */
export interface History {
  messages: Message[]
  /** Is there more before the first, and after the last? */
  hasOlder: boolean
  hasNewer: boolean
}

/** Which page: next to a position, around a message or what comes after a position, or the newest. */
export interface Place {
  before?: number
  after?: number
  around?: string
  /** Opens where the reader left off. */
  unread?: boolean
}

/** Messages shown before the one that a permalink opens at. */
const contextSize = Math.floor(pageSize / 2)
/** Messages shown before the first that is unread: what was said last before. */
const readContextSize = 10

/** The place a query string names; `null` when it is none. */
export function placeOf(query: Record<string, string | undefined>): Place | null {
  const { before, after, around } = query
  if (![before, after].every((text) => text === undefined || /^\d{1,15}$/.test(text))) return null

  return {
    before: before === undefined ? undefined : Number(before),
    after: after === undefined ? undefined : Number(after),
    around,
    unread: query.unread !== undefined,
  }
}

/** Is it the end of the log, whatever of it has been read? */
export function isNewest({ before, after, around }: Place): boolean {
  return [before, after, around].every((one) => one === undefined)
}

/** Reads the page on which the messages after a position begin. */
export async function readOnFrom(db: Db, channelId: string, position: number): Promise<History> {
  return readNear(db, channelId, position + 1, readContextSize)
}

/** Reads a page; `undefined` when it is to open at a message that is not in the channel. */
export async function readHistory(db: Db, channelId: string, place: Place): Promise<History | undefined> {
  if (place.around !== undefined) return readAround(db, channelId, place.around)
  if (place.after !== undefined) return readAfter(db, channelId, place.after)

  // One more than is shown tells whether there are more.
  const before = place.before ?? Number.MAX_SAFE_INTEGER
  const read = await listBefore(db, channelId, before, pageSize + 1)
  return {
    messages: read.slice(-pageSize),
    hasOlder: read.length > pageSize,
    hasNewer: place.before !== undefined,
  }
}

async function readAfter(db: Db, channelId: string, after: number): Promise<History> {
  const read = await listAfter(db, channelId, after, pageSize + 1)
  return { messages: read.slice(0, pageSize), hasOlder: after > 0, hasNewer: read.length > pageSize }
}

async function readAround(db: Db, channelId: string, id: string): Promise<History | undefined> {
  const position = await findPosition(db, channelId, id)
  return position === undefined ? undefined : readNear(db, channelId, position, contextSize)
}

/** A page on which so many messages stand before a position. */
async function readNear(db: Db, channelId: string, position: number, context: number): Promise<History> {
  const before = await listBefore(db, channelId, position, context + 1)
  const after = await listAfter(db, channelId, position - 1, pageSize - context + 1)
  return {
    messages: [...before.slice(-context), ...after.slice(0, pageSize - context)],
    hasOlder: before.length > context,
    hasNewer: after.length > pageSize - context,
  }
}
