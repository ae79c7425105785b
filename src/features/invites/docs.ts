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

const unusable = { 404: "the code is unknown, expired, used up or taken back" }

export const invitesDocs: ProcedureDocs<typeof invitesContract> = {
  getInvites: {
    summary: "A server's usable invites, newest first",
    fails: { 403: "one is not a member", 404: "there is no such server" },
    examples: [{ input: { serverId: sample.serverId }, output: [invite] }],
  },
  createInvite: {
    summary: "Makes an invite, as any member may",
    description: "When its maker stops being a member, it is taken back.",
    fails: { 403: "one is not a member", 404: "there is no such server" },
    fields: {
      expiresInSeconds: "Up to 7 days. `null` or absent: never",
      maxUses: "`null` or absent: any number",
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
    summary: "What someone who holds the code may know before joining",
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
          memberCount: 2,
          inviter: "alice",
        },
      },
      {
        summary: "Of a code that is none",
        by: null,
        input: { code: "none" },
        error: {
          code: 404,
          message: "This invite is not valid: it may have expired, been used up or been taken back",
        },
      },
    ],
  },
  joinServer: {
    summary: "Makes one a member, and answers with the server",
    description: "A use is counted only for someone who was not a member.",
    fails: { ...unusable, 403: "one is banned" },
    examples: [{ by: "mallory", input: { code: sample.code }, output: sampleServer }],
  },
  revokeInvite: {
    summary: "Takes an invite back; for the server's owner and whoever made it",
    fails: { 403: "one is neither", 404: "there is no such invite" },
    examples: [{ input: { code: sample.code }, output: invite }],
  },
}
