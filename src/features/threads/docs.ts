import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { threadsContract } from "./contract.ts"

export const threadsDocs: ProcedureDocs<typeof threadsContract> = {
  createThread: {
    summary: "The thread on a message; it is begun when there is none",
    description:
      "A thread is a channel that is in no list: read it and write in it as in any other. It is called what the message says first, until its server's owner renames it. Deleting the message leaves it.",
    fails: {
      403: "one of the two in a conversation has blocked the other",
      404: "there is no such message",
      410: "the message was deleted",
    },
    examples: [
      {
        input: { messageId: sample.messageId },
        output: {
          id: sample.newId,
          serverId: sample.serverId,
          name: "Hello!",
          createdAt: sample.at,
          parentId: sample.messageId,
          parentChannelId: sample.channelId,
        },
      },
    ],
  },
  getThreads: {
    summary: "The threads on a channel's messages, by when they were last written in",
    description: "In pages of 50.",
    fails: { 403: "one is not a member", 404: "there is no such channel" },
    fields: { skip: "How many to leave out: those one has" },
    examples: [{ input: { channelId: sample.channelId }, output: [] }],
  },
}
