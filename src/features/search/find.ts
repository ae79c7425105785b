import type { Db } from "../../db/open.ts"
import { firstIdAt, timeOfId } from "./index-table.ts"
import type { Search } from "./resolve.ts"
import { findInRange, indexedRange } from "./store.ts"

/** How far back the first step looks, and how much further each next one may. */
const firstStepMs = 24 * 60 * 60 * 1000
const maxGrowth = 16
/** What a step should take: everybody else waits meanwhile. */
const stepMs = 5
/** After so long a search answers with what it has, and the way to go on. */
const maxMs = 250

type Found = ReturnType<typeof findInRange>[number]

interface Page {
  found: Found[]
  /** Where the next page begins; `null`: there is none. */
  older: number | null
  /** It was ended here though there may be more. */
  searchedBackTo: Date | null
}

/**
 * The newest messages that fit, from a number downwards. It looks back step by step, each as long as the last one lets
 * expect it to be quick, and lets everybody else have their turn between: what is common is found in the first step,
 * what is rare in few, and what costs much (a phrase of the commonest words that nobody has ever said) stops nobody.
 */
export async function findNewest(
  db: Db,
  search: Search & { viewerId: string; limit: number },
): Promise<Page> {
  const { viewerId, match, limit } = search
  const indexed = indexedRange(db)
  const low = Math.max(search.low, indexed?.low ?? 1)
  let high = Math.min(search.high, indexed?.high ?? 0)
  const found: Found[] = []
  const startedAt = performance.now()
  let step = firstIdAt(firstStepMs)

  while (high >= low) {
    const bottom = Math.max(low, high - step)
    const stepStartedAt = performance.now()
    found.push(...findInRange(db, { viewerId, match, limit: limit + 1 - found.length, low: bottom, high }))
    if (found.length > limit) {
      const page = found.slice(0, limit)
      return { found: page, older: page.at(-1)?.id ?? null, searchedBackTo: null }
    }
    high = bottom - 1
    const now = performance.now()
    if (high >= low && now - startedAt > maxMs)
      return { found, older: bottom, searchedBackTo: timeOfId(bottom) }

    step = Math.ceil(step * Math.min(maxGrowth, stepMs / Math.max(now - stepStartedAt, 0.1)))
    if (high >= low) await new Promise((resolve) => setImmediate(resolve))
  }
  return { found, older: null, searchedBackTo: null }
}
