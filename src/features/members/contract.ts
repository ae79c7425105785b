import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { Undoable } from "../moderation/contract.ts"

export const Member = z.object({
  userId: z.string(),
  username: z.string(),
  /** The name that the member chose; `null` for none. */
  displayName: z.string().nullish(),
  /** The path of the member's picture; `null` without one. */
  avatarUrl: z.string().nullish(),
  /** What the member says that they do, with its emoji; `null` for nothing. */
  statusText: z.string().nullish(),
  /** What the member is called in this server; `null` for nothing else. */
  nickname: z.string().nullable(),
  joinedAt: z.date(),
  isOwner: z.boolean(),
  isBot: z.boolean(),
  /** Without `@everyone`, highest first. */
  roleIds: z.array(z.string()),
})
export type Member = z.infer<typeof Member>

export const membersContract = {
  /** A server's members by name, at most 1,000. Fails: 401, 403 (not a member). */
  getMembers: query({
    input: z.object({ serverId: z.string() }),
    output: z.array(Member),
    meta: { bots: true },
  }),
  /**
   * Ends the viewer's own membership, their live connections and the invites they created. Fails: 401, 403, 404,
   * 400 (the owner cannot leave).
   */
  leaveServer: mutation({
    input: z.object({ serverId: z.string() }),
    output: z.null(),
    meta: { bots: true },
  }),
  /**
   * Removes another member. They can join again with an invite; `banMember` prevents that. Fails: 401, 403 (without the
   * permission to remove members, or for a member who is not below), 404 (no such member), 400 (the viewer themselves).
   */
  removeMember: mutation({
    input: z.object({ serverId: z.string(), userId: z.string(), reason: Reason }),
    output: Undoable,
    meta: { bots: true },
  }),
}
