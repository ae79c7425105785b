import { between, desc, lte, sql } from "drizzle-orm"
import { searchSpans } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"

/**
 * Divides time into slices of three sizes (70 minutes, 19 hours and 12 days; the smallest is a span), so that a search
 * can work through the index window by window. SQLite's index runs on to the next match however far away it is, but stops after the
 * last message that has a term. So each message has the slices that it lies in as terms.
 */
const spanSize = 2 ** 33
const sizes = [spanSize, 2 ** 37, 2 ** 41]
/** Most slices of one window. Each is one term more to look up in every segment of the index. */
const maxSlices = 8
/** Most spans that are added up to size a window. */
const maxSpansListed = 2048

/** The terms of the slices that a message lies in, by its id in the index. */
export function timeTerms(id: number): string[] {
  return sizes.map((length, size) => timeTerm(size, Math.floor(id / length)))
}

function timeTerm(size: number, slice: number): string {
  return `t${size}x${slice.toString(36)}`
}

function spanOf(id: number): number {
  return Math.floor(id / spanSize)
}

const statements = prepare((db) => ({
  newest: db
    .select({ id: searchSpans.id })
    .from(searchSpans)
    .where(lte(searchSpans.id, sql.placeholder("id")))
    .orderBy(desc(searchSpans.id))
    .limit(1)
    .prepare(),
  list: db
    .select()
    .from(searchSpans)
    .where(lte(searchSpans.id, sql.placeholder("last")))
    .orderBy(desc(searchSpans.id))
    .limit(maxSpansListed)
    .prepare(),
  sum: db
    .select({ count: sql<number>`cast(coalesce(sum(${searchSpans.count}), 0) as bigint)` })
    .from(searchSpans)
    .where(between(searchSpans.id, sql.placeholder("first"), sql.placeholder("last")))
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  count: tx
    .insert(searchSpans)
    .values({ id: sql.placeholder("id"), count: sql.placeholder("count") })
    .onConflictDoUpdate({
      target: searchSpans.id,
      set: { count: sql`${searchSpans.count} + excluded.count` },
    })
    .prepare(),
}))

/** Counts messages that were added to the index, by their ids. */
export async function countInSpans(tx: Tx, ids: number[]): Promise<void> {
  const { count } = writes(tx)
  for (const [id, inSpan] of Map.groupBy(ids, spanOf)) await count.run({ id, count: inSpan.length })
}

/** Ids of the index, both inclusive. */
export type Range = { low: number; high: number }

interface TimeWindow extends Range {
  /** Terms of which each message in the window has one. Empty when the window reaches back to the first message. */
  terms: string[]
  /** Most messages that may be in it. */
  count: number
}

/** The newest window of a range, with about `maxCount` messages. `undefined` when the range is empty. */
export async function newestWindow(
  db: Db,
  { low, high }: Range,
  maxCount: number,
): Promise<TimeWindow | undefined> {
  const { newest, sum, list } = statements(db)
  const last = (await newest.get({ id: spanOf(high) }))?.id
  if (last === undefined || (last + 1) * spanSize <= low) return undefined

  const top = Math.min(high, (last + 1) * spanSize - 1)
  const countFrom = async (first: number) => (await sum.get({ first, last }))?.count ?? 0
  // Counted from 0, not from `low`: without terms the index would search everything below `low` for a last match.
  const total = await countFrom(0)
  if (total <= maxCount) return { low, high: top, terms: [], count: total }

  let first = last
  let count = 0
  for (const span of await list.all({ last })) {
    count += span.count
    if (count > maxCount) break
    first = span.id
  }
  const fitting = sizes.findIndex((length) => ((last - first) * spanSize) / length < maxSlices)
  const size = fitting < 0 ? sizes.length - 1 : fitting
  const length = sizes[size] ?? spanSize
  const newestSlice = Math.floor(top / length)
  const lowestSlice = Math.max(Math.ceil((first * spanSize) / length), newestSlice - maxSlices + 1)
  const oldestSlice = Math.min(lowestSlice, newestSlice)
  const terms = Array.from({ length: newestSlice - oldestSlice + 1 }, (_, i) =>
    timeTerm(size, oldestSlice + i),
  )
  const start = oldestSlice * length
  return { low: Math.max(start, low), high: top, terms, count: await countFrom(spanOf(start)) }
}
