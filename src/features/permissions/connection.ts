import { z } from "zod"

/** Who is at the other end of a live connection, and by which session: ending the session ends the connection. */
export const ConnectionContext = z.object({
  userId: z.string(),
  username: z.string(),
  sessionId: z.string().optional(),
  isBot: z.literal(true).optional(),
  /** In a conversation of two, who they are. */
  pair: z.string().optional(),
})
export type ConnectionContext = z.infer<typeof ConnectionContext>
