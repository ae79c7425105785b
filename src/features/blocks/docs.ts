import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { blocksContract } from "./contract.ts"

export const blocksDocs: ProcedureDocs<typeof blocksContract> = {
  getBlockedUsers: {
    summary: "Lists the users you blocked, by name",
    examples: [{ by: "bob", input: null, output: [{ userId: sample.doraId, username: "dora" }] }],
  },
  blockUser: {
    summary: "Blocks a user",
    description:
      "They can neither open a conversation with you nor write in an existing one. Elsewhere their messages are collapsed on your pages and do not count as mentions. They are not notified.",
    fails: { 404: "no such user in your servers and conversations" },
    examples: [{ input: { userId: sample.bobId }, output: null }],
  },
  unblockUser: {
    summary: "Unblocks a user",
    fails: { 404: "you have not blocked them" },
    examples: [{ by: "bob", input: { userId: sample.doraId }, output: null }],
  },
}
