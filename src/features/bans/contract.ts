import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"

export const Ban = z.object({
  userId: z.string(),
  username: z.string(),
  reason: z.string().nullable(),
  createdAt: z.date(),
})
export type Ban = z.infer<typeof Ban>

const OfServer = z.object({ serverId: z.string(), userId: z.string() })

export const bansContract = {
  /** The bans of a server, newest first, at most 1,000. Fails: 401, 403 (not the owner), 404. */
  getBans: query({ input: z.object({ serverId: z.string() }), output: z.array(Ban) }),
  /**
   * Bans a user from a server, whether or not they are a member. Ends their membership, their live connections and the
   * invites they created. A repeated call changes the reason. Fails: 401, 403 (not the owner), 404 (no such server or
   * user), 400 (the viewer themselves).
   */
  banMember: mutation({ input: OfServer.extend({ reason: Reason }), output: z.null() }),
  /** Lifts a ban; the user may join again with a new invite. Fails: 401, 403 (not the owner), 404 (no such server or ban). */
  unbanMember: mutation({ input: OfServer, output: z.null() }),
}
