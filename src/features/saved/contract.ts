import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

/** Most saved messages of one user. */
export const maxSaved = 5000
export const savedPageSize = 50

export const SavedMessage = z.object({
  message: Message,
  serverName: z.string(),
  channelName: z.string(),
  savedAt: z.date(),
})
export type SavedMessage = z.infer<typeof SavedMessage>

const OneMessage = z.object({ messageId: z.string() })

export const savedContract = {
  /** Saves a message, visible only to the viewer. Fails: 401, 404, 410 (deleted), 400 (too many), 429. */
  saveMessage: mutation({ input: OneMessage, output: OneMessage }),
  /** Fails: 401, 404 (also when the viewer is no longer a member), 429. */
  unsaveMessage: mutation({ input: OneMessage, output: OneMessage }),
  /**
   * Lists saved messages that the viewer may still read, last saved first; those `before` the message with that id.
   * Fails: 401, 404 (`before` is not saved).
   */
  getSavedMessages: query({
    input: z.object({
      limit: z.int().min(1).max(savedPageSize).optional(),
      before: z.string().optional(),
    }),
    output: z.array(SavedMessage),
  }),
}
