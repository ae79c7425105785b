import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { membersContract } from "./contract.ts"

export const membersDocs: ProcedureDocs<typeof membersContract> = {
  getMembers: {
    summary: "A server's members by name, at most 1,000",
    fails: { 403: "one is not a member" },
    examples: [
      {
        input: { serverId: sample.serverId },
        output: [
          { userId: sample.aliceId, username: "alice", joinedAt: sample.at, isOwner: true, isBot: false },
          { userId: sample.bobId, username: "bob", joinedAt: sample.at, isOwner: false, isBot: false },
        ],
      },
    ],
  },
  leaveServer: {
    summary: "Ends one's own membership, one's live connections there and the invites one made",
    fails: { 403: "one is not a member", 404: "there is no such server" },
    examples: [
      { by: "bob", input: { serverId: sample.serverId }, output: null },
      {
        summary: "By the owner",
        input: { serverId: sample.serverId },
        error: { code: 400, message: "The owner cannot leave. Delete the server instead" },
      },
    ],
  },
  removeMember: {
    summary: "Ends someone else's membership",
    description: "By another's invite they may come back. To keep them out there is `banMember`.",
    fails: { 403: "one is not the owner", 404: "there is no such member" },
    examples: [{ input: { serverId: sample.serverId, userId: sample.bobId }, output: null }],
  },
}
