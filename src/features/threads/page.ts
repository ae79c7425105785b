import type { ThreadParent } from "../../../views/threads.tsx"
import { excerptOf } from "../messages/excerpt.ts"
import { findMessage } from "../messages/store.ts"
import { can } from "../permissions/can.ts"
import { findChannelAccess } from "../permissions/store.ts"
import type { Services } from "../services.ts"

/** The message that a thread hangs on, as its room shows it. */
export async function parentOf(
  { db }: Services,
  viewerId: string,
  parentId: string,
): Promise<ThreadParent | undefined> {
  const message = await findMessage(db, parentId)
  const access = message && (await findChannelAccess(db, { id: viewerId }, message.channelId))
  if (!access || !can(access.standing, "readHistory")) return undefined

  const username = message.extras?.bot?.name ?? message.username
  return {
    id: parentId,
    channel: access.channel,
    username,
    excerpt: excerptOf(message),
    isDeleted: message.deletedAt !== null,
  }
}
