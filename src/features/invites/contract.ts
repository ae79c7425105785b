import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Server } from "../servers/contract.ts"

export const Invite = z.object({
  code: z.string(),
  serverId: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  maxUses: z.int().nullable(),
  uses: z.int(),
})
export type Invite = z.infer<typeof Invite>

/** What someone who holds the link may know before joining. */
export const InvitePreview = z.object({
  code: z.string(),
  serverId: z.string(),
  serverName: z.string(),
  memberCount: z.int(),
  inviter: z.string(),
})
export type InvitePreview = z.infer<typeof InvitePreview>

/** Source: Discord API docs, Create Channel Invite: up to 7 days and 100 uses. */
export const maxInviteSeconds = 604_800
export const maxInviteUses = 100

const Seconds = z
  .int("Choose one of these")
  .min(60, "An invite is good for a minute at least")
  .max(maxInviteSeconds, "An invite is good for 7 days at most, or for ever")
const Uses = z
  .int("A whole number, or nothing for any number")
  .min(1, "At least one use, or nothing for any number")
  .max(maxInviteUses, `At most ${maxInviteUses} uses, or nothing for any number`)

export const invitesContract = {
  /** Usable invites of a server, newest first. Fails: 401, 403 (not a member), 404. */
  getInvites: query({ input: z.object({ serverId: z.string() }), output: z.array(Invite) }),
  /**
   * Any member may invite. `null`: never expires, any number of uses; but when its maker stops being a member, by
   * leaving, removal, a ban or the end of the account, it is taken back. Fails: 401, 403, 404, 400.
   */
  createInvite: mutation({
    input: z.object({
      serverId: z.string(),
      expiresInSeconds: Seconds.nullish(),
      maxUses: Uses.nullish(),
    }),
    output: Invite,
  }),
  /** For everyone who has the code, signed in or not. Fails: 404 (unknown, expired, used up or revoked). */
  getInvite: query({ input: z.object({ code: z.string() }), output: InvitePreview }),
  /** Makes the viewer a member; a use is counted only for someone who was not. Fails: 401, 403 (banned), 404. */
  joinServer: mutation({ input: z.object({ code: z.string() }), output: Server }),
  /** By the owner or whoever made it; what it was. Fails: 401, 403, 404. */
  revokeInvite: mutation({ input: z.object({ code: z.string() }), output: Invite }),
}
