import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

/** Messages one person can save. */
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
  /** Keeps a message for the viewer; once. Nobody else sees it. Fails: 401, 404, 410 (deleted), 400 (too many), 429. */
  saveMessage: mutation({ input: OneMessage, output: OneMessage }),
  /** Fails: 401, 404 (also where one is no longer a member), 429. */
  unsaveMessage: mutation({ input: OneMessage, output: OneMessage }),
  /**
   * What the viewer saved and may still read, last saved first; `before` the message of that id. Fails: 401, 404
   * (`before` is not saved).
   */
  getSavedMessages: query({
    input: z.object({
      limit: z.int().min(1).max(savedPageSize).optional(),
      before: z.string().optional(),
    }),
    output: z.array(SavedMessage),
  }),
}
