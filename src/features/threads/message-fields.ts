import { z } from "zod"

/** The thread on a message: a channel of its own. */
export const ThreadSummary = z.object({
  channelId: z.string(),
  count: z.int(),
  lastAt: z.coerce.date(),
})

export const threadsFields = { extras: { thread: ThreadSummary.optional() } }
