import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Users that one user may block. */
export const maxBlocked = 1000

export const blocksContract = {
  /** The users that the viewer blocked, by name. Fails: 401. */
  getBlockedUsers: query({
    input: z.null(),
    output: z.array(z.object({ userId: z.string(), username: z.string() })),
  }),
  /**
   * Blocks a user: they can neither open a conversation with the viewer nor write in an existing one. Elsewhere their
   * messages are collapsed on the viewer's pages and do not count as mentions. They are not notified. Fails: 401, 400
   * (the viewer themselves; too many), 404 (no such user in the viewer's servers and conversations).
   */
  blockUser: mutation({ input: z.object({ userId: z.string() }), output: z.null() }),
  /** Unblocks a user. Fails: 401, 404 (not blocked). */
  unblockUser: mutation({ input: z.object({ userId: z.string() }), output: z.null() }),
}
