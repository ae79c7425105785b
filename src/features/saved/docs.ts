import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { savedContract } from "./contract.ts"

const one = { messageId: sample.messageId }

export const savedDocs: ProcedureDocs<typeof savedContract> = {
  saveMessage: {
    summary: "Keeps a message for oneself",
    description: "Nobody else sees it. At most 5,000 of them.",
    fails: { 404: "there is no such message", 410: "it was deleted" },
    examples: [{ input: one, output: one }],
  },
  unsaveMessage: {
    summary: "Keeps it no longer",
    fails: { 404: "there is no such message" },
    examples: [{ input: one, output: one }],
  },
  getSavedMessages: {
    summary: "What one saved and may still read, last saved first",
    fails: { 404: "the message to go on from is not saved" },
    fields: { limit: "Default: 50", before: "A message's id: those saved before it" },
    examples: [{ input: {}, output: [] }],
  },
}
