import { z } from "zod"
import { messageExtras } from "../message-fields.ts"

/**
 * What readers see of a message besides its text. Stored with the message, so that it takes part in all the message
 * does: one row to read, one `seq` to resume by, one article to render. `null` for a plain message.
 */
export const MessageExtras = z.object({
  /** Marks a program's message. `name` and `avatarUrl` are those a webhook gave itself. */
  bot: z.object({ name: z.string().optional(), avatarUrl: z.string().optional() }).optional(),
  ...messageExtras,
})
export type MessageExtras = z.infer<typeof MessageExtras>
