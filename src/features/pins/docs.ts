import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleMessage } from "../api/sample.ts"
import type { pinsContract } from "./contract.ts"

const input = { messageId: sample.messageId }
const fails = {
  403: "one is not the server's owner (in a direct conversation everyone may)",
  404: "there is no such message",
  410: "it was deleted",
}

export const pinsDocs: ProcedureDocs<typeof pinsContract> = {
  pinMessage: {
    summary: "Keeps a message on its channel's board",
    description: "At most 50 messages of a channel.",
    fails,
    examples: [
      { input, output: { ...sampleMessage, seq: 3, extras: { pinned: true } } },
      {
        summary: "By a member who does not own the server",
        by: "bob",
        input,
        error: { code: 403, message: "Only the server's owner may pin messages" },
      },
    ],
  },
  unpinMessage: {
    summary: "Takes a message off its channel's board",
    fails,
    examples: [{ input, output: sampleMessage }],
  },
  getPins: {
    summary: "A channel's pinned messages, last pinned first",
    fails: { 403: "one is not a member", 404: "there is no such channel" },
    examples: [{ input: { channelId: sample.channelId }, output: [] }],
  },
}
