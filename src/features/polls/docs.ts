import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleMessage } from "../api/sample.ts"
import type { pollsContract } from "./contract.ts"

/** A message of alice's with a poll. */
export const samplePollId = "1e7d6c5b-4a39-4f28-9716-05e4d3c2b1a0"

const messageId = samplePollId
const byAlice = [{ userId: sample.aliceId, username: "alice" }]
const pollMessage = {
  ...sampleMessage,
  id: samplePollId,
  content: "",
  position: 3,
  ordinal: 3,
  seq: 4,
  extras: {
    poll: {
      question: "Where do we eat?",
      answers: [
        { text: "Inside", count: 1, by: byAlice },
        { text: "Outside", count: 0, by: [] },
      ],
      multiple: false,
      voters: 1,
      closesAt: sample.at,
    },
  },
}
const endedPollMessage = {
  ...pollMessage,
  extras: {
    poll: {
      ...pollMessage.extras.poll,
      answers: [
        { text: "Inside", count: 0, by: [] },
        { text: "Outside", count: 0, by: [] },
      ],
      voters: 0,
      closedAt: sample.at,
    },
  },
}

const fails = {
  400: "no such answer, or several where one is allowed",
  403: "in a conversation, one of the two has blocked the other",
  404: "no such message, or it has no poll",
  409: "the poll is closed",
  410: "the message was deleted",
}

export const pollsDocs: ProcedureDocs<typeof pollsContract> = {
  votePoll: {
    summary: "Sets your vote in a poll; an empty list takes it back",
    description: "Answers are named by their index. A repeated call changes nothing.",
    fails,
    examples: [
      { input: { messageId, answers: [0] }, output: pollMessage },
      {
        summary: "Several answers where one is allowed",
        input: { messageId, answers: [0, 1] },
        error: { code: 400, message: "Choose one answer" },
      },
    ],
  },
  togglePollVote: {
    summary: "Votes for an answer of a poll, or takes that vote back",
    description:
      "In a poll that allows one answer it replaces your vote. A second call undoes the first: to be able to retry, use `votePoll`.",
    fails,
    examples: [
      { input: { messageId, answer: 0 }, output: pollMessage },
      {
        summary: "Of a message without a poll",
        input: { messageId: sample.messageId, answer: 0 },
        error: { code: 404, message: "This message has no poll" },
      },
    ],
  },
  endPoll: {
    summary: "Closes a poll before its time and announces the result",
    fails: {
      403: "you are neither the author nor the server's owner",
      404: "no such message, or it has no poll",
      409: "the poll is closed",
      410: "the message was deleted",
    },
    examples: [{ input: { messageId }, output: endedPollMessage }],
  },
  getPollVoters: {
    summary: "Lists the users who voted for an answer, ordered by id",
    fails: { 400: "no such answer", 404: "no such message, or it has no poll" },
    fields: { limit: "Default: 100", after: "A user's id: continues after it" },
    examples: [
      {
        input: { messageId, answer: 1 },
        output: { channelId: sample.channelId, voters: [] },
      },
    ],
  },
}
