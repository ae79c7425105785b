import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { Undoable } from "../moderation/contract.ts"

const daySeconds = 86_400

/** Longest ban that ends by itself, in seconds. */
export const maxBanSeconds = 365 * daySeconds
/** How far back a ban deletes messages, in seconds. Source: Discord API docs, Create Guild Ban: 7 days. */
export const maxDeletedSeconds = 7 * daySeconds
/** Most people of one bulk ban. Source: Discord API docs, Bulk Guild Ban. */
export const maxBulkBans = 200

export const Ban = z.object({
  userId: z.string(),
  username: z.string(),
  reason: z.string().nullable(),
  /** `null`: for good. */
  expiresAt: z.date().nullable(),
  createdAt: z.date(),
})
export type Ban = z.infer<typeof Ban>

const OfServer = z.object({ serverId: z.string(), userId: z.string() })

const Terms = {
  reason: Reason,
  /** Without it the ban is for good. */
  expiresInSeconds: z.int().min(1).max(maxBanSeconds).optional(),
  /** Also deletes their messages of the last seconds, in all channels. */
  deleteMessageSeconds: z.int().min(0).max(maxDeletedSeconds).optional(),
}

export const bansContract = {
  /**
   * The bans of a server, newest first, at most 1,000; with `search`, of people whose names contain it. Fails: 401, 403
   * (without the permission to ban members), 404.
   */
  getBans: query({
    input: z.object({ serverId: z.string(), search: z.string().max(100).optional() }),
    output: z.array(Ban),
    meta: { bots: true },
  }),
  /**
   * Bans a user from a server, whether or not they are a member. Ends their membership, their live connections and the
   * invites they created. A repeated call changes the reason and the end. Fails: 401, 403 (without the permission to ban
   * members, or for a member who is not below), 404 (no such server or user), 400 (the viewer themselves).
   */
  banMember: mutation({ input: OfServer.extend(Terms), output: Undoable, meta: { bots: true } }),
  /**
   * Bans up to 200 users at once, like `banMember`. Those who cannot be banned are left out, with the reason. Fails: 401,
   * 403 (without the permission to ban members), 404 (no such server).
   */
  banMembers: mutation({
    input: z.object({
      serverId: z.string(),
      userIds: z.array(z.string()).min(1).max(maxBulkBans),
      ...Terms,
    }),
    output: Undoable.extend({
      bannedIds: z.array(z.string()),
      refused: z.array(z.object({ userId: z.string(), message: z.string() })),
    }),
    meta: { bots: true },
  }),
  /**
   * Lifts a ban; the user may join again with a new invite. Fails: 401, 403 (without the permission to ban members), 404
   * (no such server or ban).
   */
  unbanMember: mutation({
    input: OfServer.extend({ reason: Reason }),
    output: z.null(),
    meta: { bots: true },
  }),
}
