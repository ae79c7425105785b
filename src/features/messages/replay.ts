import type { Db } from "../../db/database.ts"
import { isReplacedBetween } from "../../db/log-numbers.ts"
import { type Message, maxReplay } from "./contract.ts"
import { findHead, listChanges } from "./store.ts"

/**
 * The changes of a channel's log after a number. `null` when a reader should rather get the newest messages: there are
 * too many changes, or what it saw may be gone, because the database was replaced by an older one.
 */
export async function findReplay(db: Db, channelId: string, after: number): Promise<Message[] | null> {
  const changes = await listChanges(db, channelId, after, maxReplay + 1)
  if (changes.length > maxReplay) return null

  const next = changes[0]?.seq ?? (await findHead(db, channelId))
  return isReplacedBetween(after, next) ? null : changes
}
