import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Most people one person may have blocked. */
export const maxBlocked = 1000

export const blocksContract = {
  /** Whom the viewer has blocked, by name. Fails: 401. */
  getBlockedUsers: query({
    input: z.null(),
    output: z.array(z.object({ userId: z.string(), username: z.string() })),
  }),
  /**
   * Keeps someone from opening a conversation with the viewer and from writing into the one between the two; what they
   * say elsewhere is folded on the viewer's pages and counts as no mention. They are not told. Fails: 401, 400 (oneself;
   * too many), 404 (no such person where the viewer is).
   */
  blockUser: mutation({ input: z.object({ userId: z.string() }), output: z.null() }),
  /** Fails: 401, 404 (they are not blocked). */
  unblockUser: mutation({ input: z.object({ userId: z.string() }), output: z.null() }),
}
