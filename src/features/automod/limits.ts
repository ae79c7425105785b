import { defineLimit, type LimitDefinition } from "../limits.ts"
import { repeatCounts } from "./contract.ts"

const windowMs = 60_000

/** Counts the same text of one person, one limit for each number that a rule may have. All nodes share them. */
export const repeatLimits: LimitDefinition[] = Array.from(
  { length: repeatCounts.max - repeatCounts.min + 1 },
  (_, index) => {
    const count = repeatCounts.min + index
    // The last of them is the one that a rule stops.
    return defineLimit({ name: `automodRepeats${count}`, count: count - 1, windowMs })
  },
)

/** The limit for a rule that stops a text at this number. */
export function repeatLimit(count: number): LimitDefinition {
  const limit = repeatLimits[count - repeatCounts.min]
  if (!limit) throw new Error(`No rule has the count ${count}`)

  return limit
}
