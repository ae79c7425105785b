import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { blocksContract } from "./contract.ts"

export const blocksDocs: ProcedureDocs<typeof blocksContract> = {
  getBlockedUsers: {
    summary: "Whom one has blocked, by name",
    examples: [{ by: "bob", input: null, output: [{ userId: sample.doraId, username: "dora" }] }],
  },
  blockUser: {
    summary: "Keeps somebody from writing to oneself",
    description:
      "They open no conversation with one and write nothing into the one there is. Elsewhere their messages are folded away on one's pages, and are no mentions. They are not told.",
    fails: { 404: "there is no such person where one is" },
    examples: [{ input: { userId: sample.bobId }, output: null }],
  },
  unblockUser: {
    summary: "Takes a block back",
    fails: { 404: "they are not blocked" },
    examples: [{ by: "bob", input: { userId: sample.doraId }, output: null }],
  },
}
