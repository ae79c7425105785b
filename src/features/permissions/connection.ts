import { z } from "zod"

/** The user of a live connection, and its session or bot token: ending that ends the connection. */
export const ConnectionContext = z.object({
  userId: z.string(),
  username: z.string(),
  sessionId: z.string().optional(),
  isBot: z.literal(true).optional(),
  /** What they let others see of their presence; missing for online. */
  presence: z.enum(["idle", "doNotDisturb", "invisible"]).optional(),
  /** In a conversation of two, its `pairOf` key. */
  pair: z.string().optional(),
  /** The channel whose overwrites apply: this one or, in a thread, the channel that it is in. */
  rootId: z.string().optional(),
  /** May not read the history: gets what is sent while connected, and no replay. */
  isLiveOnly: z.literal(true).optional(),
})
export type ConnectionContext = z.infer<typeof ConnectionContext>
