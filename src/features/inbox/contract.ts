import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"
import { ThreadEntry } from "../threads/contract.ts"

/** Items in one page of the inbox. */
export const inboxPageSize = 25
/** Followed threads in one page. */
export const followedPageSize = 50
/** How long mentions of everyone and of roles stay in the inbox. */
export const mentionDays = 30
/** Items that are done, and those of deleted messages, are kept for so many days: longer than `mentionDays`. */
export const keptDays = 90
/** How long marking everything as read can be undone. */
export const undoMinutes = 10
/** Bounds the cost of paging. */
const maxSkipped = 10_000

/** Why a message is in somebody's inbox. */
export const InboxReason = z.enum(["mention", "reply", "keyword", "thread", "role", "everyone", "reminder"])
export type InboxReason = z.infer<typeof InboxReason>

/** `open`: what is not done; `unread`: those of them that were not read in their channel; `done`. */
export const InboxState = z.enum(["open", "unread", "done"])
export type InboxState = z.infer<typeof InboxState>

/** Identifies an item: a message may be there twice, for what it says and as a reminder. */
const ItemId = z.object({ messageId: z.string(), reason: InboxReason })
export type ItemId = z.infer<typeof ItemId>

export const InboxItem = z.object({
  message: Message,
  reason: InboxReason,
  /** When the message was sent, or the reminder fell due. */
  at: z.date(),
  /** Neither done nor read in its channel. */
  isUnread: z.boolean(),
  /** `null`: not done. */
  doneAt: z.date().nullable(),
  /** The note of a reminder. */
  note: z.string().nullable(),
  serverName: z.string(),
  channelName: z.string(),
  isThread: z.boolean(),
  isConversation: z.boolean(),
})
export type InboxItem = z.infer<typeof InboxItem>

/** A thread that the viewer follows. */
export const FollowedThread = ThreadEntry.extend({
  serverName: z.string(),
  /** The name of the channel that it is in. */
  parentChannelName: z.string(),
  isConversation: z.boolean(),
})
export type FollowedThread = z.infer<typeof FollowedThread>

const OneThread = z.object({ channelId: z.string() })
const Following = OneThread.extend({ isFollowed: z.boolean() })

export const inboxContract = {
  /**
   * Lists what waits for the viewer in all servers and conversations, newest first, in pages of 25. Leaves out what they may
   * no longer read. Fails: 401, 400 (`before` is no cursor).
   */
  getInbox: query({
    input: z.object({
      state: InboxState.optional(),
      reason: InboxReason.optional(),
      /** `direct`: of all conversations. */
      serverId: z.string().optional(),
      before: z.string().optional(),
    }),
    output: z.object({
      items: z.array(InboxItem),
      /** The cursor of the next page; `null` on the last one. */
      older: z.string().nullable(),
      /** Unread items with all reasons and of all servers, up to 100. */
      unread: z.int(),
    }),
  }),
  /** Marks an item as done. Fails: 401, 404 (not in the inbox, or the viewer may not read it), 429. */
  markDone: mutation({ input: ItemId, output: ItemId }),
  /** Returns an item that is done to the inbox. Fails: 401, 404, 429. */
  markUndone: mutation({ input: ItemId, output: ItemId }),
  /**
   * Marks an item as unread: it is not done, and its channel is unread from its message on, if it was read there. Of a
   * reminder the channel stays as it is. Fails: 401, 404 (not in the inbox, or the viewer may not read it), 429.
   */
  markItemUnread: mutation({ input: ItemId, output: ItemId.extend({ channelId: z.string() }) }),
  /**
   * Marks all channels, followed threads and items but reminders as read and done, or those of one server. `undoId`, its
   * time, undoes it for ten minutes. Fails: 401, 403 (not a member of that server), 429.
   */
  markAllRead: mutation({
    input: z.object({ serverId: z.string().optional() }),
    output: z.object({ undoId: z.string() }),
  }),
  /** Undoes `markAllRead`. Fails: 401, 410 (too late, or undone already), 429. */
  undoMarkAllRead: mutation({ input: z.object({ undoId: z.string() }), output: z.null() }),
  /** Follows a thread: its new messages come to the inbox. Fails: 401, 403, 404, 400 (not a thread), 429. */
  followThread: mutation({ input: OneThread, output: Following }),
  /** Stops following a thread, also where the viewer writes there or is mentioned. Fails: 401, 403, 404, 400, 429. */
  unfollowThread: mutation({ input: OneThread, output: Following }),
  /** Lists the threads that the viewer follows in all servers: unread ones first, then by activity. Fails: 401. */
  getFollowedThreads: query({
    input: z.object({ skip: z.int().min(0).max(maxSkipped).optional() }),
    output: z.array(FollowedThread),
  }),
}
