import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleServer } from "../api/sample.ts"
import type { invitesContract } from "./contract.ts"

const invite = {
  code: sample.code,
  serverId: sample.serverId,
  createdBy: sample.aliceId,
  createdAt: sample.at,
  expiresAt: null,
  maxUses: null,
  uses: 0,
}

const unusable = { 404: "the code is unknown, expired, used up or revoked" }

export const invitesDocs: ProcedureDocs<typeof invitesContract> = {
  getInvites: {
    summary: "Lists a server's active invites, newest first",
    fails: { 403: "you are not a member", 404: "no such server" },
    examples: [{ input: { serverId: sample.serverId }, output: [invite] }],
  },
  createInvite: {
    summary: "Creates an invite; every member may",
    description: "It is revoked when its creator stops being a member.",
    fails: { 403: "you are not a member", 404: "no such server" },
    fields: {
      expiresInSeconds: "Up to 7 days. `null` or absent: it never expires",
      maxUses: "`null` or absent: no limit",
    },
    examples: [
      {
        input: { serverId: sample.serverId, maxUses: 5 },
        output: { ...invite, code: "p7WnD4sYkc", maxUses: 5 },
      },
      {
        summary: "By someone who is not a member",
        by: "mallory",
        input: { serverId: sample.serverId },
        error: { code: 403, message: "You are not a member of this server" },
      },
    ],
  },
  getInvite: {
    summary: "Describes an invite to someone who has its code",
    open: true,
    fails: unusable,
    examples: [
      {
        by: null,
        input: { code: sample.code },
        output: {
          code: sample.code,
          serverId: sample.serverId,
          serverName: "Lab",
          description: "",
          iconUrl: null,
          memberCount: 2,
          inviter: "alice",
        },
      },
      {
        summary: "With an unknown code",
        by: null,
        input: { code: "none" },
        error: {
          code: 404,
          message: "This invite is invalid. It may have expired, been used up or been revoked",
        },
      },
    ],
  },
  joinServer: {
    summary: "Joins a server and returns it",
    description: "A use is counted only when you were not a member before.",
    fails: { ...unusable, 403: "you are banned" },
    examples: [{ by: "mallory", input: { code: sample.code }, output: sampleServer }],
  },
  revokeInvite: {
    summary: "Revokes an invite; the server's owner and the invite's creator may",
    fails: { 403: "you are neither", 404: "no such invite" },
    examples: [{ input: { code: sample.code }, output: invite }],
  },
}
