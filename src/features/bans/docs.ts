import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { bansContract } from "./contract.ts"

const fails = { 403: "one is not the owner", 404: "there is no such server or person" }

export const bansDocs: ProcedureDocs<typeof bansContract> = {
  getBans: {
    summary: "Who may not come into a server, newest first, at most 1,000",
    fails,
    examples: [
      {
        input: { serverId: sample.serverId },
        output: [{ userId: sample.doraId, username: "dora", reason: "Advertising", createdAt: sample.at }],
      },
    ],
  },
  banMember: {
    summary: "Keeps someone out of a server, member or not, whatever invite they hold",
    description:
      "Ends their membership, their live connections and the invites they made. Again, it changes the reason.",
    fails,
    fields: { reason: "At most 512 characters; for those who may see the bans" },
    examples: [
      {
        input: { serverId: sample.serverId, userId: sample.bobId, reason: "Would not stop" },
        output: null,
      },
    ],
  },
  unbanMember: {
    summary: "Lets someone join again, by a new invite",
    fails,
    examples: [{ input: { serverId: sample.serverId, userId: sample.doraId }, output: null }],
  },
}
