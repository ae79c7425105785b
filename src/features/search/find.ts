import { setImmediate } from "node:timers/promises"
import type { Db } from "../../db/database.ts"
import { newestWindow, type Range } from "./spans.ts"
import { anyTerm, type Condition, type FoundRow, type WordIndex } from "./word-index.ts"

/** Where is searched. */
export interface SearchSource {
  db: Db
  words: WordIndex
}

/** How much work one page of results may do. What is left is for the next page. */
export interface SearchPace {
  /** Time for all windows together, as `WordIndex` counts it. */
  budgetMs: number
  /** Messages in the first window, before its cost is known, and in every window at least. */
  minCount: number
  /** A term that at most this many messages have is searched for in all of them at once: the index skips the others. */
  maxRare: number
}

/** Keeps a page under 50 ms on a machine that is otherwise idle. */
export const defaultPace: SearchPace = { budgetMs: 15, minCount: 2000, maxRare: 500 }
/** A window has at most this many times the messages of the window before it. */
const maxGrowth = 32

/** What a message must match, as conditions of the index. */
export interface IndexConditions {
  required: Condition[]
  /** The same conditions, one word or term each: where one of them is rare, all of them together are. */
  parts: Condition[]
}

export interface SearchRequest extends IndexConditions, Range {
  viewerId: string
  excluded: Condition[]
  limit: number
}

/**
 * The newest messages in a range that match and that the viewer may read. `rest` is the id to continue from when the
 * time was up, else `null`: words that are common but never in one message together are searched for in every message.
 */
export async function findNewest(source: SearchSource, request: SearchRequest, pace: SearchPace) {
  const { db, words } = source
  const { limit, excluded, viewerId } = request
  const matches: FoundRow[] = []
  const search = async ({ narrowing, ...range }: SearchWindow) => {
    const match = { required: [...narrowing, ...request.required], excluded }
    const left = limit - matches.length
    matches.push(...(await words.listNewest(db, { ...range, ...match, viewerId, limit: left })))
    return matches.length < limit
  }
  const rest = await eachWindow(source, request, search, pace)
  return { matches, rest }
}

/** Does any message match? Also `true` when the time was up: callers only tell users what they may know anyway. */
export async function existsAnywhere(source: SearchSource, required: Condition[]): Promise<boolean> {
  let exists = false
  const search = async ({ narrowing }: SearchWindow) => {
    const match = { required: [...narrowing, ...required], excluded: [] }
    exists = await source.words.hasMore(source.db, match, 0)
    return !exists
  }
  const everything = { low: 0, high: Number.MAX_SAFE_INTEGER, required, parts: required }
  const rest = await eachWindow(source, everything, search, defaultPace)
  return exists || rest !== null
}

/** A part of the range. `narrowing` are conditions that let the index skip messages, or stop at the window's end. */
interface SearchWindow extends Range {
  narrowing: Condition[]
}

/**
 * Runs `search` on windows of a range, newest first, until it returns `false` or the budget is spent. Yields to the event
 * loop between windows. Each window is as large as the time that the one before it took suggests. Returns the id at
 * which it stopped for lack of time, else `null`.
 */
async function eachWindow(
  { db, words }: SearchSource,
  { low, high, parts }: IndexConditions & Range,
  search: (window: SearchWindow) => Promise<boolean>,
  { budgetMs, minCount, maxRare }: SearchPace,
): Promise<number | null> {
  const rare = await words.findRare(db, parts, maxRare)
  if (rare !== undefined) {
    await search({ low, high, narrowing: [rare] })
    return null
  }

  let leftMs = budgetMs
  let window = await newestWindow(db, { low, high }, minCount)
  while (window) {
    const startedAt = words.spentMs()
    const narrowing = window.terms.length > 0 ? [anyTerm(window.terms)] : []
    const goesOn = await search({ low: window.low, high: window.high, narrowing })
    if (!goesOn || window.low <= low) return null

    const tookMs = words.spentMs() - startedAt
    leftMs -= tookMs
    const growth = Math.min(maxGrowth, leftMs / (2 * tookMs))
    const maxCount = Math.max(minCount, window.count * growth)
    window = await newestWindow(db, { low, high: window.low - 1 }, maxCount)
    if (window && leftMs <= 0) return window.high

    await setImmediate()
  }
  return null
}
