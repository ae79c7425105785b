import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { bansContract } from "./contract.ts"

const fails = {
  403: "without the permission to ban members, or the member is not below you",
  404: "no such server or user",
}
const terms = {
  reason: "At most 512 characters; shown to people who may see the bans and the audit log",
  expiresInSeconds: "At most 365 days; without it the ban is permanent",
  deleteMessageSeconds: "Also deletes their messages of the last seconds, at most 7 days",
}

export const bansDocs: ProcedureDocs<typeof bansContract> = {
  getBans: {
    summary: "Lists the bans of a server, newest first, at most 1,000",
    fails,
    examples: [
      {
        input: { serverId: sample.serverId },
        output: [
          {
            userId: sample.doraId,
            username: "dora",
            reason: "Advertising",
            expiresAt: null,
            createdAt: sample.at,
          },
        ],
      },
    ],
  },
  banMember: {
    summary: "Bans a user from a server, whether or not they are a member",
    description:
      "Ends their membership, their live connections and the invites they created. A repeated call changes the reason and the end. `undoAct` takes the returned id within 10 seconds.",
    fails,
    fields: terms,
    examples: [
      {
        input: { serverId: sample.serverId, userId: sample.bobId, reason: "Would not stop" },
        output: { undoId: sample.newId },
      },
    ],
  },
  banMembers: {
    summary: "Bans up to 200 users at once",
    description: "Those who cannot be banned are left out, with the reason.",
    fails: { 403: "without the permission to ban members", 404: "no such server" },
    fields: terms,
    examples: [
      {
        input: { serverId: sample.serverId, userIds: [sample.malloryId, sample.aliceId] },
        output: {
          undoId: sample.newId,
          bannedIds: [sample.malloryId],
          refused: [{ userId: sample.aliceId, message: "You cannot ban yourself" }],
        },
      },
    ],
  },
  unbanMember: {
    summary: "Lifts a ban: the user may join again with a new invite",
    fails,
    examples: [{ input: { serverId: sample.serverId, userId: sample.doraId }, output: null }],
  },
}
