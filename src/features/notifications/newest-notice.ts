import { shownName } from "../../../views/people.ts"
import type { Db } from "../../db/database.ts"
import { listBlockedIds } from "../blocks/store.ts"
import { excerptOf } from "../messages/excerpt.ts"
import { listTail } from "../messages/store.ts"
import { findStoredSettings } from "../notification-levels/store.ts"
import type { SeenChannel } from "../permissions/store.ts"

/** How far back the newest message of somebody else is looked for. */
const maxLookedAt = 10

/** The content of a browser notification. */
interface BrowserNotice {
  title: string
  body: string
  /** The URL that a click opens. */
  url: string
  /** The message that it is about. */
  messageId: string
  /** When that was sent, in milliseconds since 1970: a device is not told of it again. */
  sentAt: number
  isInThread: boolean
  /** A picture of the author. */
  icon?: string
}

/**
 * The notice of the newest message of a channel that others wrote, up to its message number `to`; `undefined` without one.
 */
export async function newestNotice(
  db: Db,
  viewerId: string,
  { channel, to = channel.messageCount }: { channel: SeenChannel; to?: number },
): Promise<BrowserNotice | undefined> {
  const blocked = new Set(await listBlockedIds(db, viewerId))
  const newest = (await listTail(db, channel.id, maxLookedAt)).findLast(
    ({ userId, deletedAt, ordinal }) =>
      ordinal <= to && userId !== viewerId && !deletedAt && !blocked.has(userId),
  )
  if (!newest) return undefined

  const { isTextShown = true } = (await findStoredSettings(db, viewerId)) ?? {}
  const place = channel.isConversation ? "" : ` in #${channel.name} (${channel.serverName})`
  return {
    title: `${newest.extras?.bot?.name ?? shownName(newest)}${place}`,
    body: isTextShown ? excerptOf(newest) : "New message",
    url: `/messages/${newest.id}`,
    messageId: newest.id,
    sentAt: newest.createdAt.getTime(),
    isInThread: channel.parentId !== null,
    icon: newest.avatarUrl ?? undefined,
  }
}
