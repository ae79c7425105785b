import { z } from "zod"
import { query } from "../../kernel/index.ts"

/** Kept of one message: what it said first, and the last ones. */
export const maxVersions = 50

export const MessageVersion = z.object({
  content: z.string(),
  /** When it began to say this. */
  writtenAt: z.date(),
})
export type MessageVersion = z.infer<typeof MessageVersion>

export const versionsContract = {
  /**
   * What a message said before each edit, and what it says now, oldest first; of one that was edited very often the
   * first and the last `maxVersions`. Nothing of a deleted one. Fails: 401, 404.
   */
  getMessageHistory: query({
    input: z.object({ messageId: z.string() }),
    output: z.object({ channelId: z.string(), versions: z.array(MessageVersion) }),
    meta: { bots: true },
  }),
}
