import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { parseHost } from "../matching/links.ts"
import { faultOfPattern } from "../matching/pattern.ts"
import { parseWord } from "../matching/words.ts"
import { Name } from "../names.ts"

// The limits are Discord's (API docs, "Auto Moderation"), but for those that it does not have.

/** Words of one rule, and the longest, with its wildcards. */
export const maxWords = 1000
export const maxWordLength = 60
/** Patterns of one rule, and the longest. */
export const maxPatterns = 10
export const maxPatternLength = 260
/** Highest limit of people and roles that one message mentions. */
export const maxMentionLimit = 50
/** Highest limit of links in one message, and hosts in a list. */
export const maxLinkLimit = 50
export const maxHosts = 200
/** How often the same text may be needed for a hit within a minute. */
export const repeatCounts = { min: 2, max: 10 }
/** Longest sentence that a sender reads. */
export const maxBlockMessageLength = 150
/** Longest timeout, in seconds: 28 days. */
export const maxTimeOutSeconds = 28 * 24 * 60 * 60
export const maxExemptRoles = 20
export const maxExemptChannels = 50
/** How many rules a server has, by the kind of their trigger. */
export const maxRulesOf = { words: 6, patterns: 1, mentions: 1, links: 1, invites: 1, repeats: 1 } as const

/** What a sender reads when the rule has no sentence of its own. */
export const defaultBlockMessage = "This server does not allow this message. Change it, then send it again"

const Word = z
  .string()
  .trim()
  .min(1)
  .refine((word) => word.length <= maxWordLength, {
    error: ({ input }) => `A word has at most ${maxWordLength} characters: “${String(input)}” is longer`,
  })
  .refine((word) => parseWord(word) !== undefined, {
    error: ({ input }) => `“${String(input)}” has no letters besides its wildcards`,
  })

const PatternText = z
  .string()
  .min(1)
  .max(maxPatternLength, `A pattern has at most ${maxPatternLength} characters`)
  .refine((pattern) => faultOfPattern(pattern) === undefined, {
    error: ({ input }) => `${String(input)}: ${faultOfPattern(String(input))}`,
  })

const Host = z
  .string()
  .refine((host) => parseHost(host) !== undefined, {
    error: ({ input }) => `“${String(input)}” is not the name of a site, such as example.org`,
  })
  .overwrite((host) => parseHost(host) ?? host)

const Hosts = z.array(Host).max(maxHosts, `At most ${maxHosts} sites`)

export const AutomodTrigger = z.discriminatedUnion("kind", [
  /** Words, matched as whole words; `*` at an end matches the rest of a word. */
  z.object({
    kind: z.literal("words"),
    words: z.array(Word).min(1, "Write at least one word").max(maxWords, `At most ${maxWords} words`),
  }),
  /** Patterns, a subset of regular expressions, without case. */
  z.object({
    kind: z.literal("patterns"),
    patterns: z
      .array(PatternText)
      .min(1, "Write at least one pattern")
      .max(maxPatterns, `At most ${maxPatterns} patterns`),
  }),
  /** More people and roles than `limit` in one message. */
  z.object({ kind: z.literal("mentions"), limit: z.int().min(1).max(maxMentionLimit) }),
  /** More links than `limit`, a link to a site of `deny`, or, with `allow`, one to any other site. */
  z
    .object({
      kind: z.literal("links"),
      limit: z.int().min(0).max(maxLinkLimit).nullable(),
      allow: Hosts,
      deny: Hosts,
    })
    .refine(({ limit, allow, deny }) => limit !== null || allow.length + deny.length > 0, {
      error: "Set a limit, or name sites",
      path: ["limit"],
    }),
  /** Invites to other servers, here, at Discord and at other installations. */
  z.object({ kind: z.literal("invites") }),
  /** The same text by one person, the `count`th time within a minute, in any channels. */
  z.object({ kind: z.literal("repeats"), count: z.int().min(repeatCounts.min).max(repeatCounts.max) }),
])
export type AutomodTrigger = z.infer<typeof AutomodTrigger>
export type TriggerKind = AutomodTrigger["kind"]

export const AutomodAction = z.discriminatedUnion("kind", [
  /** Stops the message; its sender reads the sentence. */
  z.object({
    kind: z.literal("block"),
    message: z
      .string()
      .trim()
      .refine(
        (message) => message.length <= maxBlockMessageLength,
        `A sentence has at most ${maxBlockMessageLength} characters`,
      )
      .optional(),
  }),
  /** Tells a channel of it. */
  z.object({ kind: z.literal("alert"), channelId: z.string() }),
  /** Times the author out. */
  z.object({ kind: z.literal("timeOut"), seconds: z.int().min(60).max(maxTimeOutSeconds) }),
])
export type AutomodAction = z.infer<typeof AutomodAction>

const Actions = z
  .array(AutomodAction)
  .min(1, "Choose at least one action")
  .refine((actions) => new Set(actions.map(({ kind }) => kind)).size === actions.length, {
    error: "Each kind of action is allowed once",
  })

const fields = {
  name: Name,
  trigger: AutomodTrigger,
  actions: Actions,
  exemptRoleIds: z.array(z.string()).max(maxExemptRoles, `At most ${maxExemptRoles} roles`),
  exemptChannelIds: z.array(z.string()).max(maxExemptChannels, `At most ${maxExemptChannels} channels`),
  isEnabled: z.boolean(),
}

export const AutomodRule = z.object({ id: z.string(), serverId: z.string(), ...fields, createdAt: z.date() })
export type AutomodRule = z.infer<typeof AutomodRule>

/** A rule that a text meets, and the matching part, such as a word of its list. */
export const AutomodHit = z.object({ ruleId: z.string(), name: z.string(), matched: z.string() })
export type AutomodHit = z.infer<typeof AutomodHit>

export const automodContract = {
  /** A server's rules, oldest first. Fails: 401, 403 (without the permission “Manage server”), 404. */
  getAutomodRules: query({ input: z.object({ serverId: z.string() }), output: z.array(AutomodRule) }),
  /** Fails: 401, 403, 404, 400 (too many rules of the kind; a role or channel of another server). */
  createAutomodRule: mutation({
    input: z.object({
      serverId: z.string(),
      ...fields,
      exemptRoleIds: fields.exemptRoleIds.default([]),
      exemptChannelIds: fields.exemptChannelIds.default([]),
      isEnabled: fields.isEnabled.default(true),
    }),
    output: AutomodRule,
  }),
  /** Replaces the fields that are given; the kind of the trigger stays. Fails: 401, 403, 404, 400. */
  updateAutomodRule: mutation({
    input: z.object({ ruleId: z.string(), ...z.object(fields).partial().shape }),
    output: AutomodRule,
  }),
  /** Returns the deleted rule. Fails: 401, 403, 404. */
  deleteAutomodRule: mutation({ input: z.object({ ruleId: z.string() }), output: AutomodRule }),
  /**
   * The rules that a text by a member without exemptions would meet, whatever they are enabled. Repeated texts and
   * mentions are not tested: they depend on more than the text. Does nothing else. Fails: 401, 403, 404.
   */
  testAutomodRule: query({
    input: z.object({ serverId: z.string(), text: z.string().max(4000), trigger: AutomodTrigger.optional() }),
    output: z.array(AutomodHit),
  }),
}
