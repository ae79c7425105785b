import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleMessage } from "../api/sample.ts"
import type { reactionsContract } from "./contract.ts"

const chosen = { messageId: sample.messageId, emoji: "👍" }
const fails = {
  403: "in a conversation, one of the two has blocked the other",
  404: "no such message",
  410: "it was deleted",
}
const byAlice = [{ userId: sample.aliceId, username: "alice" }]

export const reactionsDocs: ProcedureDocs<typeof reactionsContract> = {
  addReaction: {
    summary: "Adds your reaction to a message; a repeated call changes nothing",
    description: "A message has at most 20 different emoji.",
    fails,
    fields: { emoji: "One Unicode emoji" },
    examples: [
      {
        input: chosen,
        output: {
          ...sampleMessage,
          seq: 3,
          extras: { reactions: [{ emoji: "👍", count: 1, by: byAlice }] },
        },
      },
      {
        summary: "With something that is no emoji",
        input: { ...chosen, emoji: "+1" },
        error: {
          code: 400,
          message: "emoji: That is not an emoji",
          issues: [{ path: "emoji", message: "That is not an emoji" }],
        },
      },
    ],
  },
  removeReaction: {
    summary: "Removes your reaction from a message",
    fails,
    examples: [{ input: chosen, output: sampleMessage }],
  },
  toggleReaction: {
    summary: "Adds your reaction to a message, or removes it",
    description:
      "A second call undoes the first. To be able to retry, use `addReaction` or `removeReaction`.",
    fails,
    fields: { emoji: "One Unicode emoji" },
    examples: [
      {
        input: chosen,
        output: {
          ...sampleMessage,
          seq: 3,
          extras: { reactions: [{ emoji: "👍", count: 1, by: byAlice }] },
        },
      },
    ],
  },
  getReactions: {
    summary: "Lists the users who reacted with an emoji, ordered by id",
    fails: { 404: "no such message" },
    fields: { limit: "Default: 100", after: "A user's id: continues after it" },
    examples: [{ input: chosen, output: { channelId: sample.channelId, people: [] } }],
  },
}
