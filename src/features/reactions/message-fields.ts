import { z } from "zod"

/** One emoji under a message, and who chose it, first to last; of many users only the first are named. */
export const Reaction = z.object({
  emoji: z.string(),
  count: z.int(),
  by: z.array(z.object({ userId: z.string(), username: z.string() })),
})
export type Reaction = z.infer<typeof Reaction>

export const reactionsFields = { extras: { reactions: z.array(Reaction).optional() } }
