import { setImmediate } from "node:timers/promises"
import type { Db } from "../../db/open.ts"
import { allOf, butNot, known } from "./index-table.ts"
import { newestStretch, type Range } from "./spans.ts"
import { hasAny, hasMore, listNewest } from "./store.ts"

/** How much one search may do, in all; what it did not get to then is for its next page. */
export interface Pace {
  budgetMs: number
  /** So many messages it looks through first, before it is known how long that takes, and later always. */
  minCount: number
  /** What is in no more messages than that is looked for in all of them at once: the index leaps from one to the next. */
  maxRare: number
}

/** Of processor time, so that a page takes less than 50 ms where the machine has nothing else to do. */
export const usualPace: Pace = { budgetMs: 15, minCount: 2000, maxRare: 500 }
/** At each step at most so many times the messages of the one before it. */
const maxGrowth = 32

/** What a message must have. */
export interface Wanted {
  required: string[]
  /** The same in parts, each of which is a word or a fact: where one is rare, all of it is. */
  parts: string[]
}

export interface Asked extends Wanted, Range {
  viewerId: string
  excluded: string[]
  limit: number
}

/**
 * What the viewer may read of what fits, between two numbers, newest first. `rest` is where to go on when there was no
 * time for all of it: common words that are in no message together are looked for in every message.
 */
export async function findNewest(db: Db, asked: Asked, pace: Pace) {
  const { limit, required, excluded, viewerId } = asked
  const found: ReturnType<typeof listNewest> = []
  const look = ({ narrowing, ...range }: Piece) => {
    const match = butNot([...narrowing, ...required], excluded)
    found.push(...listNewest(db, { ...range, viewerId, match, limit: limit - found.length }))
    return found.length < limit
  }
  const rest = await eachPiece(db, asked, look, pace)
  return { found, rest }
}

/** Is there anything that fits? `true` too when there was no time to be sure. It must say what may be seen. */
export async function isAnywhere(db: Db, required: string[]): Promise<boolean> {
  let isFound = false
  const look = ({ narrowing }: Piece) => {
    isFound = hasAny(db, allOf([...narrowing, ...required]))
    return !isFound
  }
  const everything = { low: 0, high: Number.MAX_SAFE_INTEGER, required, parts: required }
  const rest = await eachPiece(db, everything, look, usualPace)
  return isFound || rest !== null
}

/** A range, and what lets the index leap, or makes it stop at the range's end. */
interface Piece extends Range {
  narrowing: string[]
}

/**
 * Looks at a range piece by piece, the newest first, until `look` returns `false`; between two of them everybody else
 * gets their turn. Each is as wide as the time for the one before it suggests. Returns where it stopped for want of time.
 */
async function eachPiece(
  db: Db,
  { low, high, parts }: Wanted & Range,
  look: (piece: Piece) => boolean,
  { budgetMs, minCount, maxRare }: Pace,
): Promise<number | null> {
  const rare = parts.find((part) => !hasMore(db, part, maxRare))
  if (rare !== undefined) {
    look({ low, high, narrowing: [rare] })
    return null
  }

  let leftMs = budgetMs
  let stretch = newestStretch(db, { low, high }, minCount)
  while (stretch) {
    const clock = process.threadCpuUsage()
    const narrowing = stretch.facts.length > 0 ? [known(stretch.facts)] : []
    if (!look({ low: stretch.low, high: stretch.high, narrowing }) || stretch.low <= low) return null

    const { user, system } = process.threadCpuUsage(clock)
    const tookMs = (user + system) / 1000
    leftMs -= tookMs
    const growth = Math.min(maxGrowth, leftMs / (2 * tookMs))
    const allowed = Math.max(minCount, stretch.count * growth)
    stretch = newestStretch(db, { low, high: stretch.low - 1 }, allowed)
    if (stretch && leftMs <= 0) return stretch.high

    await setImmediate()
  }
  return null
}
