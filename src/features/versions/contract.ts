import { z } from "zod"
import { query } from "../../kernel/index.ts"

/** Most stored versions of one message: the first and the latest ones. */
export const maxVersions = 50

export const MessageVersion = z.object({
  content: z.string(),
  /** The time when the message got this text. */
  writtenAt: z.date(),
})
export type MessageVersion = z.infer<typeof MessageVersion>

export const versionsContract = {
  /**
   * Lists the earlier texts of a message and its current one, oldest first. After many edits only the first and the
   * latest, `maxVersions` in all. Empty for a deleted message. Fails: 401, 404.
   */
  getMessageHistory: query({
    input: z.object({ messageId: z.string() }),
    output: z.object({ channelId: z.string(), versions: z.array(MessageVersion) }),
    meta: { bots: true },
  }),
}
