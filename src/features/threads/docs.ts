import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { threadsContract } from "./contract.ts"

export const threadsDocs: ProcedureDocs<typeof threadsContract> = {
  createThread: {
    summary: "Returns the thread of a message; creates it when there is none",
    description:
      "A thread is a channel that `getChannels` does not list: read and write in it as in any other. Its name is the start of the message until the server's owner renames it. It stays when the message is deleted.",
    fails: {
      403: "in a conversation, one of the two has blocked the other",
      404: "no such message",
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
    summary: "Lists the threads of a channel, most recently active first",
    description: "In pages of 50.",
    fails: { 403: "you are not a member", 404: "no such channel" },
    fields: { skip: "Number of threads to skip: those you have" },
    examples: [{ input: { channelId: sample.channelId }, output: [] }],
  },
}
