import { z } from "zod"
import { messageExtras } from "../message-fields.ts"

/**
 * What readers see of a message besides its text. Stored in the row of the message, so that a change of it is a change
 * of the message: it has the next `seq` of the channel, is replayed, and renders the message again.
 */
export const MessageExtras = z.object({
  /** Marks a message of a bot or a webhook. `name` and `avatarUrl` are set by webhooks, per message. */
  bot: z.object({ name: z.string().optional(), avatarUrl: z.string().optional() }).optional(),
  ...messageExtras,
})
export type MessageExtras = z.infer<typeof MessageExtras>
