import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { isVisible, withoutInvisible } from "../names.ts"

/** Longest rules and welcome message, in UTF-16 code units. */
export const maxRulesLength = 4000
export const maxWelcomeLength = 1000
/** Questions of a server, answers of a question, and their longest texts. */
export const maxQuestions = 5
export const maxJoinAnswers = 10
/** Channels that new members are shown first. */
export const maxDefaultChannels = 10
export const maxJoinQuestionLength = 100
export const maxJoinAnswerLength = 50
/** Longest waits before a new account or member may write, in minutes. */
export const maxAccountMinutes = 30 * 24 * 60
export const maxMemberMinutes = 7 * 24 * 60
/** Highest number of joins in a minute that locks a server, and the longest lock, in minutes. */
export const maxRaidJoins = 1000
export const maxLockMinutes = 24 * 60
/** How long a server stays locked that locked itself, in minutes. */
export const raidLockMinutes = 60

function text(max: number, name: string) {
  return z
    .string()
    .overwrite((written) => written.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd").trim())
    .refine((written) => written.length <= max, {
      error: ({ input }) =>
        `${name} at most ${max} characters: this is ${String(input).length - max} too long`,
    })
}

function line(max: number, name: string) {
  return z
    .string()
    .overwrite((written) => withoutInvisible(written.toWellFormed()).replace(/\s+/g, " ").trim())
    .refine(isVisible, `Write ${name}`)
    .refine((written) => written.length <= max, `Use at most ${max} characters for ${name}`)
}

const Id = z.guid("An id is a UUID")

const JoinAnswer = z.object({
  id: Id,
  label: line(maxJoinAnswerLength, "an answer"),
  /** The role that it gives; `null` for none. */
  roleId: z.string().nullable(),
})

export const JoinQuestion = z.object({
  id: Id,
  title: line(maxJoinQuestionLength, "a question"),
  /** May a member choose several answers? */
  isMultiple: z.boolean(),
  answers: z
    .array(JoinAnswer)
    .min(1, "A question needs an answer")
    .max(maxJoinAnswers, `A question has at most ${maxJoinAnswers} answers`),
})
export type JoinQuestion = z.infer<typeof JoinQuestion>

const fields = {
  /** Accepted before the first message; empty for none. */
  rules: text(maxRulesLength, "Rules have"),
  questions: z
    .array(JoinQuestion)
    .max(maxQuestions, `A server asks at most ${maxQuestions} questions`)
    .refine(
      (questions) => {
        const ids = questions.flatMap(({ id, answers }) => [id, ...answers.map((answer) => answer.id)])
        return new Set(ids).size === ids.length
      },
      { error: "Each question and answer has an id of its own" },
    ),
  /** Sent to the system channel; `{user}` and `{server}` are replaced. Empty for none. */
  welcome: text(maxWelcomeLength, "A welcome message has"),
  /** Channels that new members are shown first, in this order; those that they may read. */
  defaultChannelIds: z
    .array(z.string())
    .max(maxDefaultChannels, `At most ${maxDefaultChannels} channels`)
    .refine((ids) => new Set(ids).size === ids.length, "Each channel once"),
  /** How old an account must be to write. */
  minAccountMinutes: z.int().min(0).max(maxAccountMinutes),
  /** How long someone must have been a member to write. */
  minMemberMinutes: z.int().min(0).max(maxMemberMinutes),
  /** Joins within a minute at which the server locks itself; 0 for never. */
  raidJoinsPerMinute: z
    .int()
    .min(0)
    .max(maxRaidJoins)
    .refine((joins) => joins !== 1, "Use at least 2, or 0 to turn this off"),
}

export const JoinSettings = z.object({
  serverId: z.string(),
  ...fields,
  /** Until then invites do not work, and slow mode is on everywhere; `null`: not locked. */
  raidLockedUntil: z.date().nullable(),
})
export type JoinSettings = z.infer<typeof JoinSettings>

/** What a member is asked in a server. */
export const Joining = z.object({
  serverId: z.string(),
  rules: z.string(),
  /** `null`: the viewer has not accepted the rules yet. */
  acceptedRulesAt: z.date().nullable(),
  /** Where to begin: channels that the viewer may read. */
  channels: z.array(z.object({ id: z.string(), name: z.string() })),
  questions: z.array(
    JoinQuestion.pick({ id: true, title: true, isMultiple: true }).extend({
      answers: z.array(JoinAnswer.pick({ id: true, label: true }).extend({ isChosen: z.boolean() })),
    }),
  ),
})
export type Joining = z.infer<typeof Joining>

const ofServer = z.object({ serverId: z.string() })

export const joiningContract = {
  /** How people join a server. Fails: 401, 403 (without the permission “Manage server”), 404. */
  getJoinSettings: query({ input: ofServer, output: JoinSettings }),
  /**
   * Replaces the fields that are given. Those who are members when a server gets its first rules have accepted them.
   * Fails: 401, 403, 404, 400 (a role that the viewer may not give, or with a moderator's permissions).
   */
  updateJoinSettings: mutation({
    input: ofServer.extend(z.object(fields).partial().shape).extend({
      /** Members have to accept the rules again before they write. */
      asksAgain: z.literal(true).optional(),
    }),
    output: JoinSettings,
  }),
  /** The rules of a server and its questions, with the viewer's answers. Fails: 401, 403 (not a member), 404. */
  getJoining: query({ input: ofServer, output: Joining }),
  /** Fails: 401, 403, 404. */
  acceptRules: mutation({ input: ofServer, output: z.null() }),
  /**
   * Gives the viewer the roles of the chosen answers, and takes those of the others. `answers`: the ids of the chosen
   * answers by question; a question that is absent has none. Fails: 401, 403, 404, 400 (no such answer; several where one
   * is asked for).
   */
  answerQuestions: mutation({
    input: ofServer.extend({ answers: z.record(z.string(), z.array(z.string()).max(maxJoinAnswers)) }),
    output: Joining,
  }),
  /** Stops invites, and slows down writing, until a time. Fails: 401, 403, 404. */
  lockServer: mutation({
    input: ofServer.extend({
      minutes: z
        .int()
        .min(1)
        .max(maxLockMinutes, `A server is locked for at most ${maxLockMinutes / 60} hours`),
      reason: z.string().trim().max(512, "A reason has at most 512 characters").optional(),
    }),
    output: JoinSettings,
  }),
  /** Fails: 401, 403, 404. */
  unlockServer: mutation({ input: ofServer, output: JoinSettings }),
}
