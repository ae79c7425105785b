import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { isVisible, withoutInvisible } from "../names.ts"

/** Longest display name, in UTF-16 code units. Source: Discord API docs, usernames and nicknames, 32. */
export const maxDisplayNameLength = 32
/** Longest text about oneself. Source: Discord's profile form, 190. */
export const maxBioLength = 190
/** Longest pronouns. Source: Discord's profile form, 40. */
export const maxPronounsLength = 40
/** Longest status. Source: Discord's custom status, 128. */
export const maxStatusLength = 128
/** Longest emoji of a status, in UTF-16 code units: families with skin tones have up to 35. */
const maxEmojiLength = 40
/** Longest note about somebody. Source: Discord's notes, 256. */
export const maxNoteLength = 256

/** One line without control characters, at most so many UTF-16 code units long; may be empty. */
function line(what: string, maxLength: number) {
  return (
    z
      .string()
      .overwrite((text) => withoutInvisible(text.toWellFormed()).replace(/\s+/g, " ").trim())
      // Not `max`, which counts code points: browsers (`maxlength`) count code units.
      .refine((text) => text.length <= maxLength, `${what} has at most ${maxLength} characters`)
  )
}

/** Lines without control characters other than line breaks. */
function lines(what: string, maxLength: number) {
  return z
    .string()
    .overwrite((text) =>
      text.toWellFormed().replaceAll("\r\n", "\n").split("\n").map(withoutInvisible).join("\n").trim(),
    )
    .refine((text) => text.length <= maxLength, `${what} has at most ${maxLength} characters`)
}

/** A name that may be somebody else's, too; empty for none. */
const DisplayName = line("A display name", maxDisplayNameLength).refine(
  (name) => name === "" || isVisible(name),
  "This name has no visible characters. Choose another, or leave it empty",
)

const Emoji = line("An emoji", maxEmojiLength).refine(
  (emoji) => emoji === "" || /^\p{RGI_Emoji}$/v.test(emoji),
  "Choose one emoji",
)

/** What somebody lets others see of their presence. `invisible`: they look offline. */
export const PresenceChoice = z.enum(["online", "idle", "doNotDisturb", "invisible"])
export type PresenceChoice = z.infer<typeof PresenceChoice>

const Status = z.object({
  text: z.string(),
  emoji: z.string(),
  /** When it ends; `null`: when it is changed. */
  expiresAt: z.date().nullable(),
})

export const Profile = z.object({
  userId: z.string(),
  username: z.string(),
  displayName: z.string().nullable(),
  /** In the server that was asked about. */
  nickname: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  bio: z.string(),
  pronouns: z.string(),
  /** `null` without one. */
  status: Status.nullable(),
  presence: z.enum(["online", "idle", "doNotDisturb", "offline"]),
  isBot: z.boolean(),
  /** In the server that was asked about; `null` where they are no member. */
  member: z.object({ joinedAt: z.date(), isOwner: z.boolean(), roleIds: z.array(z.string()) }).nullable(),
  /** The servers that both are in, by name. */
  mutualServers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type Profile = z.infer<typeof Profile>

export const profilesContract = {
  /**
   * The profile of the viewer, or of somebody with whom they share a server or a conversation; with `serverId` also what
   * they are there. Fails: 401, 404 (nobody whom the viewer can know).
   */
  getProfile: query({
    input: z.object({ userId: z.string(), serverId: z.string().optional() }),
    output: Profile,
    meta: { bots: true },
  }),
  /** Changes the given fields; an empty one is removed. Fails: 401, 400, 429. */
  updateProfile: mutation({
    input: z.object({
      displayName: DisplayName.optional(),
      bio: lines("The text about you", maxBioLength).optional(),
      pronouns: line("Pronouns", maxPronounsLength).optional(),
    }),
    output: Profile.pick({ displayName: true, bio: true, pronouns: true }),
  }),
  /**
   * Makes a picture that the viewer has uploaded, as a file of any channel, their own. It is encoded again from its
   * pixels. Fails: 401, 404 (no such file of theirs), 400 (no picture), 413, 429.
   */
  setAvatar: mutation({ input: z.object({ fileId: z.string() }), output: z.null() }),
  /** Removes the viewer's picture. Fails: 401, 429. */
  removeAvatar: mutation({ input: z.null(), output: z.null() }),
  /** Sets what the viewer says about what they do; without text and emoji, removes it. Fails: 401, 400 (in the past), 429. */
  setStatus: mutation({
    input: z.object({
      text: line("A status", maxStatusLength),
      emoji: Emoji.optional(),
      /** Without one, until it is changed. */
      expiresAt: z.date().optional(),
    }),
    output: Profile.pick({ status: true }),
  }),
  /** Sets what others see of the viewer's presence. Fails: 401, 429. */
  setPresence: mutation({
    input: z.object({ presence: PresenceChoice }),
    output: z.object({ presence: PresenceChoice }),
  }),
  /** What the viewer has noted about somebody, for themselves alone; empty for nothing. Fails: 401, 404. */
  getNote: query({ input: z.object({ userId: z.string() }), output: z.object({ text: z.string() }) }),
  /** Replaces that note; an empty one is removed. Fails: 401, 404, 400 (too long), 429. */
  setNote: mutation({
    input: z.object({ userId: z.string(), text: lines("A note", maxNoteLength) }),
    output: z.object({ text: z.string() }),
  }),
}
