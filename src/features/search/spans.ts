import { between, desc, lte, sql } from "drizzle-orm"
import { searchSpans } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"

/**
 * Time in pieces, so that a search can look through some of them at a time. SQLite's index goes on to the next match
 * however far that is; but it ends with the last message that has a word, so the pieces are words too. They have three
 * sizes: a span, which are 70 minutes, 19 hours and 12 days.
 */
const spanSize = 2 ** 33
const sizes = [spanSize, 2 ** 37, 2 ** 41]
/** Words for what is looked through at once. Each is looked up in all parts of the index, which takes a while. */
const maxPieces = 8
const maxListed = 2048

/** The pieces that a message is in, by its number in the index. */
export function pieceFacts(id: number): string[] {
  return sizes.map((length, size) => pieceFact(size, Math.floor(id / length)))
}

function pieceFact(size: number, piece: number): string {
  return `t${size}x${piece.toString(36)}`
}

function spanOf(id: number): number {
  return Math.floor(id / spanSize)
}

const statements = prepare((db) => ({
  count: db
    .insert(searchSpans)
    .values({ id: sql.placeholder("id"), count: 1 })
    .onConflictDoUpdate({ target: searchSpans.id, set: { count: sql`${searchSpans.count} + 1` } })
    .prepare(),
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
    .limit(maxListed)
    .prepare(),
  sum: db
    .select({ count: sql<number>`coalesce(sum(${searchSpans.count}), 0)` })
    .from(searchSpans)
    .where(between(searchSpans.id, sql.placeholder("first"), sql.placeholder("last")))
    .prepare(),
}))

/** Counts a message that came into the index. */
export function countInSpan(db: Db, id: number): void {
  statements(db).count.run({ id: spanOf(id) })
}

export type Range = { low: number; high: number }

/** A piece of a range: the words that all of its messages have one of, and how many there are at most. */
interface Stretch extends Range {
  /** None: it is all that is older, too. */
  facts: string[]
  count: number
}

/** The newest piece of a range, with about as many messages as are `allowed` and never much more. */
export function newestStretch(db: Db, { low, high }: Range, allowed: number): Stretch | undefined {
  const { newest, sum, list } = statements(db)
  const last = newest.get({ id: spanOf(high) })?.id
  if (last === undefined || (last + 1) * spanSize <= low) return undefined

  const top = Math.min(high, (last + 1) * spanSize - 1)
  const countFrom = (first: number) => sum.get({ first, last })?.count ?? 0
  // Not from `low` on: the index would look through all that is older for a last match.
  const total = countFrom(0)
  if (total <= allowed) return { low, high: top, facts: [], count: total }

  let first = last
  let sofar = 0
  for (const span of list.all({ last })) {
    sofar += span.count
    if (sofar > allowed) break
    first = span.id
  }
  const fitting = sizes.findIndex((length) => ((last - first) * spanSize) / length < maxPieces)
  const size = fitting < 0 ? sizes.length - 1 : fitting
  const length = sizes[size] ?? spanSize
  const newestPiece = Math.floor(top / length)
  const wanted = Math.max(Math.ceil((first * spanSize) / length), newestPiece - maxPieces + 1)
  const oldestPiece = Math.min(wanted, newestPiece)
  const facts = Array.from({ length: newestPiece - oldestPiece + 1 }, (_, i) =>
    pieceFact(size, oldestPiece + i),
  )
  const start = oldestPiece * length
  return { low: Math.max(start, low), high: top, facts, count: countFrom(spanOf(start)) }
}
