import { z } from "zod"

/**
 * The message that another replies to, as it is now; shown above the reply. Of a message that is quoted very often
 * only the first replies hold more than its id.
 */
export const ReplyQuote = z.object({
  id: z.string(),
  userId: z.string().optional(),
  username: z.string().optional(),
  /** The beginning of its text, while it is not deleted. */
  excerpt: z.string().optional(),
  deleted: z.literal(true).optional(),
})
export type ReplyQuote = z.infer<typeof ReplyQuote>

export const repliesFields = {
  input: {
    replyTo: z.string().optional().describe("The id of the message in this channel that it replies to"),
  },
  extras: { replyTo: ReplyQuote.optional() },
}
