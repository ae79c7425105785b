import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { bansContract } from "./contract.ts"

const fails = { 403: "you do not own the server", 404: "no such server or user" }

export const bansDocs: ProcedureDocs<typeof bansContract> = {
  getBans: {
    summary: "Lists the bans of a server, newest first, at most 1,000",
    fails,
    examples: [
      {
        input: { serverId: sample.serverId },
        output: [{ userId: sample.doraId, username: "dora", reason: "Advertising", createdAt: sample.at }],
      },
    ],
  },
  banMember: {
    summary: "Bans a user from a server, whether or not they are a member",
    description:
      "Ends their membership, their live connections and the invites they created. A repeated call changes the reason.",
    fails,
    fields: { reason: "At most 512 characters; shown to people who may see the bans" },
    examples: [
      {
        input: { serverId: sample.serverId, userId: sample.bobId, reason: "Would not stop" },
        output: null,
      },
    ],
  },
  unbanMember: {
    summary: "Lifts a ban: the user may join again with a new invite",
    fails,
    examples: [{ input: { serverId: sample.serverId, userId: sample.doraId }, output: null }],
  },
}
