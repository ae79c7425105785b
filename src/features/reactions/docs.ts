import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleMessage } from "../api/sample.ts"
import type { reactionsContract } from "./contract.ts"

const chosen = { messageId: sample.messageId, emoji: "👍" }
const fails = {
  403: "one of the two in a conversation has blocked the other",
  404: "there is no such message",
  410: "it was deleted",
}
const byAlice = [{ userId: sample.aliceId, username: "alice" }]

export const reactionsDocs: ProcedureDocs<typeof reactionsContract> = {
  addReaction: {
    summary: "Puts one's emoji under a message; once",
    description: "A message has at most 20 different emoji.",
    fails,
    fields: { emoji: "One emoji, as Unicode has it" },
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
        summary: "With something else",
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
    summary: "Takes one's emoji away again",
    fails,
    examples: [{ input: chosen, output: sampleMessage }],
  },
  toggleReaction: {
    summary: "Adds one's emoji to a message, or takes it away again",
    description:
      "Of two at once, the second undoes the first. For a retry use `addReaction` or `removeReaction`.",
    fails,
    fields: { emoji: "One emoji, as Unicode has it" },
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
    summary: "Who chose an emoji, by their ids",
    fails: { 404: "there is no such message" },
    fields: { limit: "Default: 100", after: "A person's id: those next after it" },
    examples: [{ input: chosen, output: { channelId: sample.channelId, people: [] } }],
  },
}
