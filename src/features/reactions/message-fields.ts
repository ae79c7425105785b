import { z } from "zod"

/**
 * One emoji under a message, and who chose it, first to last; of many users only the first are named. `name`: what readers
 * of the channel called them at that time, if it is not the username.
 */
export const Reaction = z.object({
  emoji: z.string(),
  count: z.int(),
  by: z.array(z.object({ userId: z.string(), username: z.string(), name: z.string().optional() })),
})
export type Reaction = z.infer<typeof Reaction>

export const reactionsFields = { extras: { reactions: z.array(Reaction).optional() } }
