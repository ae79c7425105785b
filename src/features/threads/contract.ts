import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Channel } from "../channels/contract.ts"

/** Threads in one page of a channel's. */
export const threadsPageSize = 50
/** So far one can page. */
const maxSkipped = 10_000

/** A talk that hangs on a message: a channel that is in no list, with all that a channel has. */
export const Thread = Channel.extend({
  /** The message it hangs on. */
  parentId: z.string(),
  /** The channel that message is in. */
  parentChannelId: z.string(),
})
export type Thread = z.infer<typeof Thread>

/** As a list shows it. */
export const ThreadEntry = Thread.extend({
  /** How many messages it was ever sent. */
  count: z.int(),
  lastAt: z.date(),
  /** How many of them the viewer has not read, and how many of those are meant for them. */
  unread: z.int(),
  mentions: z.int(),
})
export type ThreadEntry = z.infer<typeof ThreadEntry>

export const threadsContract = {
  /**
   * The thread on a message; it is begun when there is none. It is called what the message says first. Fails: 401,
   * 403 (blocked), 404, 410 (the message was deleted), 400 (in a thread there are none), 429.
   */
  createThread: mutation({
    input: z.object({ messageId: z.string() }),
    output: Thread,
    meta: { bots: true },
  }),
  /** The threads on a channel's messages, by when they were last written in. Fails: 401, 403, 404. */
  getThreads: query({
    input: z.object({ channelId: z.string(), skip: z.int().min(0).max(maxSkipped).optional() }),
    output: z.array(ThreadEntry),
    meta: { bots: true },
  }),
}
