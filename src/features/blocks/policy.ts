import type { Db } from "../../db/open.ts"
import { otherOf } from "../conversations/name.ts"
import { isBlocked } from "./store.ts"

/**
 * Why someone may not write into the conversation of a pair, `null` where they may: one of the two does not want it.
 * Elsewhere (`pair` is `null`) everyone may. Synchronous, for inside a shared commit.
 */
export function writeRefusal(db: Db, pair: string | null | undefined, userId: string): string | null {
  if (!pair) return null

  const other = otherOf(pair, userId)
  if (isBlocked(db, { userId, blockedId: other }))
    return "You have blocked this person. Take that back to write here"
  // Not that they blocked them: it is nobody's business.
  return isBlocked(db, { userId: other, blockedId: userId }) ? "You cannot write to this person" : null
}
