import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { versionsContract } from "./contract.ts"

export const versionsDocs: ProcedureDocs<typeof versionsContract> = {
  getMessageHistory: {
    summary: "What a message said before each edit, and what it says now, oldest first",
    description: "Of one that was edited very often, what it said first and last. Nothing of a deleted one.",
    fails: { 404: "there is no such message, or one may not read it" },
    examples: [
      {
        input: { messageId: sample.messageId },
        output: { channelId: sample.channelId, versions: [{ content: "Hello!", writtenAt: sample.at }] },
      },
    ],
  },
}
