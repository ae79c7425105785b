import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleMessage } from "../api/sample.ts"
import type { pinsContract } from "./contract.ts"

const input = { messageId: sample.messageId }
const fails = {
  403: "without the permission to pin messages (in a conversation everyone may)",
  404: "no such message",
  410: "it was deleted",
}

export const pinsDocs: ProcedureDocs<typeof pinsContract> = {
  pinMessage: {
    summary: "Pins a message in its channel",
    description:
      "A message of the server in the same channel says so. A channel has at most 50 pinned messages.",
    fails,
    examples: [
      { input, output: { ...sampleMessage, seq: 3, extras: { pinned: true } } },
      {
        summary: "By a member without the permission",
        by: "bob",
        input,
        error: { code: 403, message: "You do not have the permission “Pin messages”" },
      },
    ],
  },
  unpinMessage: {
    summary: "Unpins a message",
    fails,
    examples: [{ input, output: sampleMessage }],
  },
  getPins: {
    summary: "Lists a channel's pinned messages, last pinned first",
    fails: { 403: "you are not a member", 404: "no such channel" },
    examples: [{ input: { channelId: sample.channelId }, output: [] }],
  },
}
