import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { versionsContract } from "./contract.ts"

export const versionsDocs: ProcedureDocs<typeof versionsContract> = {
  getMessageHistory: {
    summary: "Lists the versions of a message, oldest first",
    description: "Of a message with many edits only the first and last versions; of a deleted message none.",
    fails: { 404: "no such message, or you may not read it" },
    examples: [
      {
        input: { messageId: sample.messageId },
        output: { channelId: sample.channelId, versions: [{ content: "Hello!", writtenAt: sample.at }] },
      },
    ],
  },
}
