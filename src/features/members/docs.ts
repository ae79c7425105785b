import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { membersContract } from "./contract.ts"

export const membersDocs: ProcedureDocs<typeof membersContract> = {
  getMembers: {
    summary: "Lists a server's members by name, at most 1,000",
    fails: { 403: "you are not a member" },
    examples: [
      {
        input: { serverId: sample.serverId },
        output: [
          {
            userId: sample.aliceId,
            username: "alice",
            displayName: null,
            avatarUrl: null,
            statusText: null,
            nickname: null,
            joinedAt: sample.at,
            isOwner: true,
            isBot: false,
            roleIds: [],
          },
          {
            userId: sample.bobId,
            username: "bob",
            displayName: null,
            avatarUrl: null,
            statusText: null,
            nickname: null,
            joinedAt: sample.at,
            isOwner: false,
            isBot: false,
            roleIds: [sample.roleId],
          },
        ],
      },
    ],
  },
  leaveServer: {
    summary: "Ends your membership, your live connections there and the invites you created",
    fails: { 403: "you are not a member", 404: "no such server" },
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
    summary: "Removes a member",
    description:
      "They can join again with an invite. `banMember` prevents that. `undoAct` takes the returned id within 10 seconds.",
    fails: {
      403: "without the permission to remove members, or the member is not below you",
      404: "no such member",
    },
    examples: [
      {
        input: { serverId: sample.serverId, userId: sample.bobId, reason: "Spam" },
        output: { undoId: sample.newId },
      },
    ],
  },
}
