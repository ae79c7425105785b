import type { NoticeReason } from "../notification-levels/levels.ts"

/** A notification of a user about a message: at most one for each user and message. Mentions of everyone and of
 * roles are notices only for people who have a device that accepts push: others find them where they look.
 */
export interface Notice {
  userId: string
  reason: NoticeReason
  message: NotifiedMessage
  /** Whether it may show up now: levels, mutes, quiet hours and "do not disturb" allow it, and the message is new. */
  isPushed: boolean
}

export interface NotifiedMessage {
  id: string
  channelId: string
  position: number
  seq: number
  /** The author. */
  userId: string
  createdAt: Date
}
