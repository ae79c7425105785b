import { z } from "zod"
import { mutation } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

export const previewsContract = {
  /**
   * Shows a message without what one of its links leads to, for good, also when it is edited. One's own message, or any
   * for the server's owner. Fails: 401, 403 (someone else's), 404 (no such message or preview).
   */
  removePreview: mutation({
    input: z.object({ messageId: z.string(), previewId: z.string() }),
    output: Message,
    meta: { bots: true },
  }),
}
