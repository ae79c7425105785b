import type { Db } from "../../db/database.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { allLogs, authoredIn } from "../messages/log-windows.ts"
import { deleteMessage } from "../messages/write.ts"
import type { Publisher } from "../publisher.ts"

/** Messages that one commit deletes, so that others write in between. */
const batchSize = 50

interface Services {
  db: Db
  publisher: Publisher
  messageHooks: readonly MessageHooks[]
}

/** Deletes what somebody wrote, everywhere. `false` when it was stopped; a second time finds only what is left. */
export async function deleteAuthored(
  { db, publisher, messageHooks }: Services,
  userId: string,
  isStopped: () => boolean,
): Promise<boolean> {
  for await (const channelId of allLogs(db)) {
    for await (const found of authoredIn(db, channelId, userId)) {
      for (let from = 0; from < found.length; from += batchSize) {
        if (isStopped()) return false
        const batch = found.slice(from, from + batchSize)
        await publisher.append(channelId, async (changes) => {
          for (const { id } of batch) await deleteMessage(changes, messageHooks, id)
        })
      }
    }
    if (isStopped()) return false
  }
  return true
}
