import type { ThreadParent } from "../../../views/threads.tsx"
import { findChannelSeenBy } from "../channels/store.ts"
import { excerptOf } from "../messages/excerpt.ts"
import { findMessage } from "../messages/store.ts"
import type { Services } from "../services.ts"

/** The message that a thread hangs on, as its room shows it. */
export async function parentOf(
  { db }: Services,
  viewerId: string,
  parentId: string,
): Promise<ThreadParent | undefined> {
  const message = await findMessage(db, parentId)
  const channel = message && (await findChannelSeenBy(db, viewerId, message.channelId))
  if (!channel) return undefined

  const username = message.extras?.bot?.name ?? message.username
  return {
    id: parentId,
    channel,
    username,
    excerpt: excerptOf(message),
    isDeleted: message.deletedAt !== null,
  }
}
