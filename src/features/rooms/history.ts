import { type Message, pageSize } from "../messages/contract.ts"
import { type PageReader, type PageStart, readAfter, readBefore } from "../messages/pages.ts"
import { findPosition } from "../messages/store.ts"

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
  /** How many messages the viewer had read, from the link of an earlier page: the divider stays while paging. */
  readCount?: number
}

const wholeNumber = /^\d{1,15}$/

/** Messages shown before the one that a permalink opens. */
const contextSize = Math.floor(pageSize / 2)
/** Messages shown before the first unread one. */
const readContextSize = 10

/** Parses a query string; `null` when a position in it is not a number. */
export function parseHistoryQuery(query: Record<string, string | undefined>): HistoryQuery | null {
  const { before, after, around, read } = query
  if (![before, after].every((text) => text === undefined || wholeNumber.test(text))) return null

  return {
    before: before === undefined ? undefined : Number(before),
    after: after === undefined ? undefined : Number(after),
    around,
    unread: query.unread !== undefined,
    readCount: read !== undefined && wholeNumber.test(read) ? Number(read) : undefined,
  }
}

/** Does it select the end of the log? */
export function isNewest({ before, after, around }: HistoryQuery): boolean {
  return [before, after, around].every((value) => value === undefined)
}

/** Reads the page at the first message after a position, with a few messages before it. */
export async function readOnFrom(reader: PageReader, { channel, position }: PageStart): Promise<HistoryPage> {
  return readNear(reader, { channel, position: position + 1 }, readContextSize)
}

/** Reads a page; `undefined` when the message of `around` is not in the channel. */
export async function readHistory(
  reader: PageReader,
  channel: PageStart["channel"],
  query: HistoryQuery,
): Promise<HistoryPage | undefined> {
  if (query.around !== undefined) return readAround(reader, channel, query.around)
  if (query.after !== undefined) return readOnwards(reader, { channel, position: query.after })

  // Reads one more than the page shows, to know whether there are older messages.
  const before = query.before ?? Number.MAX_SAFE_INTEGER
  const found = await readBefore(reader, { channel, position: before }, pageSize + 1)
  return {
    messages: found.slice(-pageSize),
    hasOlder: found.length > pageSize,
    hasNewer: query.before !== undefined,
  }
}

async function readOnwards(reader: PageReader, start: PageStart): Promise<HistoryPage> {
  const found = await readAfter(reader, start, pageSize + 1)
  return {
    messages: found.slice(0, pageSize),
    hasOlder: start.position > 0,
    hasNewer: found.length > pageSize,
  }
}

async function readAround(
  reader: PageReader,
  channel: PageStart["channel"],
  id: string,
): Promise<HistoryPage | undefined> {
  const position = await findPosition(reader.db, channel.id, id)
  return position === undefined ? undefined : readNear(reader, { channel, position }, contextSize)
}

/** Reads the page around a position, with `contextSize` messages before it. */
async function readNear(
  reader: PageReader,
  { channel, position }: PageStart,
  contextSize: number,
): Promise<HistoryPage> {
  const before = await readBefore(reader, { channel, position }, contextSize + 1)
  const after = await readAfter(reader, { channel, position: position - 1 }, pageSize - contextSize + 1)
  return {
    messages: [...before.slice(-contextSize), ...after.slice(0, pageSize - contextSize)],
    hasOlder: before.length > contextSize,
    hasNewer: after.length > pageSize - contextSize,
  }
}
