import { z } from "zod"
import { mutation } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

export const previewsContract = {
  /**
   * Removes the preview of a link from a message for good, also after edits. For the author and the server's owner.
   * Fails: 401, 403 (another user's message), 404 (no such message or preview).
   */
  removePreview: mutation({
    input: z.object({ messageId: z.string(), previewId: z.string() }),
    output: Message,
    meta: { bots: true },
  }),
}
