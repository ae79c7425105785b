import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { savedContract } from "./contract.ts"

const one = { messageId: sample.messageId }

export const savedDocs: ProcedureDocs<typeof savedContract> = {
  saveMessage: {
    summary: "Saves a message for yourself",
    description: "Only you see your saved messages. At most 5,000.",
    fails: { 404: "no such message", 410: "it was deleted" },
    examples: [{ input: one, output: one }],
  },
  unsaveMessage: {
    summary: "Removes a message from your saved messages",
    fails: { 404: "no such message" },
    examples: [{ input: one, output: one }],
  },
  getSavedMessages: {
    summary: "Lists your saved messages that you may still read, last saved first",
    fails: { 404: "the message in `before` is not saved" },
    fields: { limit: "Default: 50", before: "A message's id: the messages saved before it" },
    examples: [{ input: {}, output: [] }],
  },
}
