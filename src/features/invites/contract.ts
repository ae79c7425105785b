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

/** What a user sees of an invite before joining. */
export const InvitePreview = z.object({
  code: z.string(),
  serverId: z.string(),
  serverName: z.string(),
  /** What the server is about; possibly empty. */
  description: z.string(),
  /** The path of the server's icon for everyone who has the code, while the invite is usable. `null` without an icon. */
  iconUrl: z.string().nullable(),
  memberCount: z.int(),
  inviter: z.string(),
})
export type InvitePreview = z.infer<typeof InvitePreview>

/** Source: Discord API docs, Create Channel Invite: up to 7 days and 100 uses. */
export const maxInviteSeconds = 604_800
export const maxInviteUses = 100

/** Most usable invites of one member to a server. */
export const maxInvitesPerMember = 50
/** Most invites that one call lists. Source: Discord allows as many in a server. */
export const maxInvitesListed = 1000

const Seconds = z
  .int("Choose one of the durations")
  .min(60, "An invite is valid for at least 1 minute")
  .max(maxInviteSeconds, "An invite is valid for at most 7 days, or without a limit")
const Uses = z
  .int("Enter a whole number, or leave it empty for no limit")
  .min(1, "Enter at least 1, or leave it empty for no limit")
  .max(maxInviteUses, `Enter at most ${maxInviteUses}, or leave it empty for no limit`)

export const invitesContract = {
  /** Usable invites of a server, newest first. Fails: 401, 403 (not a member), 404. */
  getInvites: query({ input: z.object({ serverId: z.string() }), output: z.array(Invite) }),
  /**
   * Creates an invite; every member may. `null` means no expiry or no limit of uses. It is revoked when its creator
   * stops being a member. Fails: 401, 403, 404, 400 (invalid; the member has 50 usable ones).
   */
  createInvite: mutation({
    input: z.object({
      serverId: z.string(),
      expiresInSeconds: Seconds.nullish(),
      maxUses: Uses.nullish(),
    }),
    output: Invite,
  }),
  /** Describes an invite to a client that has its code, signed in or not. Fails: 404 (unknown, expired, used up or revoked). */
  getInvite: query({ input: z.object({ code: z.string() }), output: InvitePreview }),
  /** Makes the viewer a member. Members who join again do not count as a use. Fails: 401, 403 (banned), 404. */
  joinServer: mutation({ input: z.object({ code: z.string() }), output: Server }),
  /** Revokes an invite and returns it; the owner and its creator may. Fails: 401, 403, 404. */
  revokeInvite: mutation({ input: z.object({ code: z.string() }), output: Invite }),
}
