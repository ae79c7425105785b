import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { isVisible, withoutInvisible } from "../names.ts"

const daySeconds = 86_400

/** Longest timeout, in seconds. Source: Discord API docs, Modify Guild Member: 28 days. */
export const maxTimeoutSeconds = 28 * daySeconds
/** Longest time between two messages in slow mode, in seconds. Source: Discord API docs, Modify Channel. */
export const maxSlowModeSeconds = 21_600
/** Most messages of one bulk deletion. Source: Discord API docs, Bulk Delete Messages. */
export const maxBulkDelete = 100
/** Most messages of one purge by number. */
export const maxPurge = 1000
/** Longest nickname, in UTF-16 code units. Source: Discord API docs, Usernames and Nicknames. */
export const maxNicknameLength = 32

/** An act that `undoAct` undoes within 10 seconds. */
export const Undoable = z.object({ undoId: z.string() })

const OfMember = z.object({ serverId: z.string(), userId: z.string() })
const OfChannel = z.object({ channelId: z.string(), reason: Reason })

/** What a member is called in one server: like a name, but shorter. Empty for none. */
const Nickname = z
  .string()
  .overwrite((name) => withoutInvisible(name.toWellFormed()).replace(/\s+/g, " ").trim())
  .refine(
    (name) => name.length <= maxNicknameLength,
    `A nickname has at most ${maxNicknameLength} characters`,
  )
  .refine((name) => name === "" || isVisible(name), "Enter a nickname with visible characters, or none")
  .nullable()

export const Timeout = z.object({
  userId: z.string(),
  username: z.string(),
  until: z.date(),
})
export type Timeout = z.infer<typeof Timeout>

export const moderationContract = {
  /**
   * Lets a member only read, for some time; a running timeout is replaced. Fails: 401, 403 (without the permission to
   * time out members, or for a member who is not below), 404, 400 (the viewer themselves).
   */
  timeOutMember: mutation({
    input: OfMember.extend({ seconds: z.int().min(1).max(maxTimeoutSeconds), reason: Reason }),
    output: Undoable.extend({ until: z.date() }),
    meta: { bots: true },
  }),
  /** Ends a timeout. Fails: 401, 403, 404 (no such member), 400 (not timed out). */
  endTimeout: mutation({
    input: OfMember.extend({ reason: Reason }),
    output: Undoable,
    meta: { bots: true },
  }),
  /** The timeouts that are running in a server, the next to end first, at most 1,000. Fails: 401, 403, 404. */
  getTimeouts: query({
    input: z.object({ serverId: z.string() }),
    output: z.array(Timeout),
    meta: { bots: true },
  }),
  /**
   * Sets how long members wait between two messages in a channel, and between two threads that they begin there; 0 for
   * no slow mode. Moderators and bots do not wait. Fails: 401, 403 (without the permission to manage the channel), 404.
   */
  setSlowMode: mutation({
    input: OfChannel.extend({ seconds: z.int().min(0).max(maxSlowModeSeconds) }),
    output: Undoable.extend({ channelId: z.string(), serverId: z.string() }),
    meta: { bots: true },
  }),
  /** Lets only moderators write in a channel. Fails: 401, 403 (without the permission to manage the channel), 404. */
  lockChannel: mutation({
    input: OfChannel,
    output: Undoable.extend({ channelId: z.string(), serverId: z.string() }),
    meta: { bots: true },
  }),
  /** Ends the lock of a channel. Fails: 401, 403, 404. */
  unlockChannel: mutation({
    input: OfChannel,
    output: Undoable.extend({ channelId: z.string(), serverId: z.string() }),
    meta: { bots: true },
  }),
  /**
   * Deletes up to 100 chosen messages of one channel; those that are not in it, or deleted already, are left out.
   * Fails: 401, 403 (without the permission to manage messages), 404.
   */
  bulkDeleteMessages: mutation({
    input: OfChannel.extend({ messageIds: z.array(z.string()).min(1).max(maxBulkDelete) }),
    output: Undoable.extend({ channelId: z.string(), serverId: z.string(), deletedCount: z.int() }),
    meta: { bots: true },
  }),
  /**
   * Deletes messages of one person, in a channel or in all channels of the server that the viewer may moderate: the last
   * `limit`, or those of the last `seconds`; with both, whichever is less. The person need not be a member. Fails: 401,
   * 403 (without the permission to manage messages), 404, 400 (neither `limit` nor `seconds`).
   */
  purgeMessages: mutation({
    input: OfMember.extend({
      channelId: z.string().optional(),
      limit: z.int().min(1).max(maxPurge).optional(),
      seconds: z
        .int()
        .min(1)
        .max(7 * daySeconds)
        .optional(),
      all: z.literal(true).optional(),
      reason: Reason,
    }).refine(({ limit, seconds, all }) => limit !== undefined || seconds !== undefined || all, {
      error: "Choose how many messages, or a time",
      path: ["limit"],
    }),
    output: Undoable.extend({ channelIds: z.array(z.string()), deletedCount: z.int() }),
    meta: { bots: true },
  }),
  /**
   * Sets what a member is called in a server; `null` or an empty one removes it. The own one needs the permission to change
   * the nickname, those of members below with the permission to manage nicknames. Fails: 401, 403, 404, 400.
   */
  setNickname: mutation({
    input: OfMember.extend({ nickname: Nickname, reason: Reason }),
    output: z.object({ nickname: z.string().nullable() }),
    meta: { bots: true },
  }),
  /**
   * Undoes an act of the viewer as long as it can be undone, 10 seconds: puts back what was. Fails: 401, 403 (an act of
   * somebody else; without the permission that it needed), 410 (too late, or undone already), 409 (the person was banned
   * by somebody else meanwhile).
   */
  undoAct: mutation({
    input: z.object({ undoId: z.string() }),
    output: z.object({
      serverId: z.string(),
      userIds: z.array(z.string()),
      channelIds: z.array(z.string()),
    }),
    meta: { bots: true },
  }),
}
