import { z } from "zod"
import { isVisible, withoutInvisible } from "../names.ts"

/** Lengths in UTF-16 code units, and numbers of answers. Source: Discord API docs, Poll Resource; a poll needs two. */
export const maxQuestionLength = 300
export const maxAnswerLength = 55
export const minAnswers = 2
export const maxAnswers = 10

/** How long a poll is open, in hours. Source: Discord API docs, Poll Create Request: 32 days, 24 hours by default. */
export const maxPollHours = 32 * 24
export const defaultPollHours = 24

/** Voters named with each answer; further voters are counted. */
export const maxVotersNamed = 50

/** One visible line of text. */
function line(name: string, maxLength: number) {
  return z
    .string()
    .overwrite((text) => withoutInvisible(text.toWellFormed()).replace(/\s+/g, " ").trim())
    .refine(isVisible, `Write ${name}`)
    .refine((text) => text.length <= maxLength, `Use at most ${maxLength} characters`)
}

const answersNeeded = `A poll has ${minAnswers} to ${maxAnswers} answers`

/** What a sender gives. */
export const PollInput = z.object({
  question: line("a question", maxQuestionLength),
  answers: z
    .array(line("an answer", maxAnswerLength))
    .min(minAnswers, answersNeeded)
    .max(maxAnswers, answersNeeded)
    .refine((answers) => new Set(answers).size === answers.length, "Each answer must be different"),
  /** May a user choose several answers? */
  multiple: z.boolean().optional(),
  hours: z
    .int(`A poll is open for 1 hour to ${maxPollHours / 24} days`)
    .min(1, "A poll is open for at least 1 hour")
    .max(maxPollHours, `A poll is open for at most ${maxPollHours / 24} days`)
    .optional(),
})
export type PollInput = z.infer<typeof PollInput>

const PollAnswer = z.object({
  text: z.string(),
  /** Votes for it. */
  count: z.int(),
  /** The first voters, at most 50. */
  by: z.array(z.object({ userId: z.string(), username: z.string() })),
})
export type PollAnswer = z.infer<typeof PollAnswer>

/** The poll of a message, with its votes so far. An answer is named by its index in `answers`. */
export const Poll = z.object({
  question: z.string(),
  answers: z.array(PollAnswer),
  multiple: z.boolean(),
  /** Users who voted. */
  voters: z.int(),
  closesAt: z.coerce.date(),
  /** Set once it is closed: by its time, its author or a moderator. */
  closedAt: z.coerce.date().optional(),
})
export type Poll = z.infer<typeof Poll>

/** In the message that announces the result of a poll. */
export const PollResult = z.object({
  /** The message with the poll. */
  messageId: z.string(),
  /** The answers with the most votes; none when nobody voted. */
  winners: z.array(z.string()),
  /** Votes for each winner. */
  count: z.int(),
  voters: z.int(),
})
export type PollResult = z.infer<typeof PollResult>

interface PollExtras {
  poll?: Poll
}

export const pollsFields = {
  input: {
    poll: PollInput.optional().describe("A poll: the message then needs no text"),
  },
  extras: { poll: Poll.optional(), pollResult: PollResult.optional() },
  insteadOfText: {
    input: "poll",
    extras: "poll",
    texts: ({ poll }: PollExtras) => (poll ? [poll.question, ...poll.answers.map(({ text }) => text)] : []),
  },
} as const
