import { z } from "zod"
import { mutation } from "../../kernel/index.ts"

export const readingContract = {
  /** Remembers how far the viewer has read; never moves backwards. Fails: 401, 403, 404. */
  markRead: mutation({
    input: z.object({ channelId: z.string(), position: z.int().min(0) }),
    output: z.object({ position: z.int() }),
  }),
}
