import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { readingContract } from "./contract.ts"

export const readingDocs: ProcedureDocs<typeof readingContract> = {
  markRead: {
    summary: "Remembers how far one has read",
    description: "It never moves backwards.",
    fails: { 403: "one is not a member", 404: "there is no such channel" },
    fields: { position: "The `position` of the last message read" },
    examples: [{ input: { channelId: sample.channelId, position: 2 }, output: { position: 2 } }],
  },
}
