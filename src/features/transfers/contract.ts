import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** How long an offer can be accepted. */
export const transferDays = 7

/** The offer of a server's owner to hand it over. */
export const Transfer = z.object({
  serverId: z.string(),
  toUserId: z.string(),
  toUsername: z.string(),
  createdAt: z.date(),
  /** Until then it can be accepted. */
  expiresAt: z.date(),
})
export type Transfer = z.infer<typeof Transfer>

const ofServer = z.object({ serverId: z.string() })

export const transfersContract = {
  /** The open offer, for the owner and whom it is made to; `null` without one. Fails: 401, 403 (not a member), 404. */
  getTransfer: query({ input: ofServer, output: Transfer.nullable() }),
  /**
   * Offers a server to a member, who becomes its owner by accepting. Replaces an earlier offer. `name` is the server's name,
   * to confirm. Fails: 401, 403 (not the owner), 404 (also: no such member), 400 (name; a bot; oneself).
   */
  transferServer: mutation({
    input: ofServer.extend({ userId: z.string(), name: z.string() }),
    output: Transfer,
  }),
  /**
   * Accepts an offer: the viewer becomes the owner, and who was it a member. Fails: 401, 403 (not a member), 404 (no offer to
   * the viewer, or not any more), 400 (the viewer owns too many servers).
   */
  acceptServer: mutation({ input: ofServer, output: z.null() }),
  /** Takes an offer back, or declines it. Fails: 401, 403 (not a member), 404 (no offer by or to the viewer). */
  cancelTransfer: mutation({ input: ofServer, output: z.null() }),
}
