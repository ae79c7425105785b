import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Channel } from "../channels/contract.ts"

/** Threads in one page of a channel's list. */
export const threadsPageSize = 50
/** Bounds the cost of paging. */
const maxSkipped = 10_000

/** A channel that belongs to a message and is not listed in its server. */
export const Thread = Channel.pick({ id: true, serverId: true, name: true, createdAt: true }).extend({
  /** The message it belongs to. */
  parentId: z.string(),
  /** The channel of that message. */
  parentChannelId: z.string(),
})
export type Thread = z.infer<typeof Thread>

/** A thread in a list. */
export const ThreadEntry = Thread.extend({
  /** The number of messages ever sent to it. */
  count: z.int(),
  lastAt: z.date(),
  /** The viewer's unread messages, and those of them that mention the viewer. */
  unread: z.int(),
  mentions: z.int(),
})
export type ThreadEntry = z.infer<typeof ThreadEntry>

export const threadsContract = {
  /**
   * Returns the thread of a message; creates it when there is none, named after the start of the message. Fails: 401,
   * 403 (blocked), 404, 410 (the message was deleted), 400 (the message is in a thread), 429.
   */
  createThread: mutation({
    input: z.object({ messageId: z.string() }),
    output: Thread,
    meta: { bots: true },
  }),
  /** Lists the threads of a channel, most recently active first. Fails: 401, 403, 404. */
  getThreads: query({
    input: z.object({ channelId: z.string(), skip: z.int().min(0).max(maxSkipped).optional() }),
    output: z.array(ThreadEntry),
    meta: { bots: true },
  }),
}
