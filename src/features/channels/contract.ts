import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { Name, withoutInvisible } from "../names.ts"

/** Longest topic of a channel, in UTF-16 code units. Source: Discord API docs, 1,024. */
export const maxTopicLength = 1024
/** Most channels in a server, without archived ones. Source: Discord, 500. */
export const maxChannels = 500
/** Most channels in a category. Source: Discord, 50. */
export const maxChannelsInCategory = 50

export const Channel = z.object({
  id: z.string(),
  serverId: z.string(),
  name: z.string(),
  topic: z.string(),
  /** `null`: in no category. */
  categoryId: z.string().nullable(),
  /** Its place in its category, or among those without one. Equal positions: oldest first. */
  position: z.int(),
  /** Everyone is denied to view it; roles or members may be allowed to. */
  isPrivate: z.boolean(),
  /** Everyone is denied to send messages; roles or members may be allowed to. */
  isReadOnly: z.boolean(),
  /** Has the permissions of its category, and gets those that the category gets. */
  isSynced: z.boolean(),
  archivedAt: z.date().nullable(),
  createdAt: z.date(),
})
export type Channel = z.infer<typeof Channel>

/** What a channel is about: one line of up to 1,024 characters, possibly empty. */
export const ChannelTopic = z
  .string()
  .overwrite((topic) => withoutInvisible(topic.toWellFormed()).replace(/\s+/g, " ").trim())
  .refine((topic) => topic.length <= maxTopicLength, `A topic has at most ${maxTopicLength} characters`)

const ofChannel = z.object({ channelId: z.string() })

export const channelsContract = {
  /**
   * A server's text channels that the viewer may view, in the order of the list: those without a category, then each
   * category's. Without archived channels. Fails: 401, 403 (not a member).
   */
  getChannels: query({
    input: z.object({ serverId: z.string() }),
    output: z.array(Channel),
    meta: { bots: true },
  }),
  /** A server's archived channels that the viewer may view, last archived first. Fails: 401, 403 (not a member), 404. */
  getArchivedChannels: query({
    input: z.object({ serverId: z.string() }),
    output: z.array(Channel),
    meta: { bots: true },
  }),
  /**
   * Creates a channel, in a category with the category's permissions. `isPrivate` denies everyone to view it, `isReadOnly`
   * to send messages; the creator is allowed to. Fails: 401, 403 (no permission to manage channels), 404 (category), 400
   * (name; topic; too many channels in the server, or in the category).
   */
  createChannel: mutation({
    input: z.object({
      serverId: z.string(),
      name: Name,
      topic: ChannelTopic.optional(),
      categoryId: z.string().nullable().optional(),
      isPrivate: z.boolean().optional(),
      isReadOnly: z.boolean().optional(),
      reason: Reason,
    }),
    output: Channel,
    meta: { bots: true },
  }),
  /** Changes the given fields. Fails: 401, 403, 404, 400. */
  updateChannel: mutation({
    input: ofChannel.extend({ name: Name.optional(), topic: ChannelTopic.optional(), reason: Reason }),
    output: Channel,
    meta: { bots: true },
  }),
  /** Fails: 401, 403, 404, 400. */
  renameChannel: mutation({ input: ofChannel.extend({ name: Name }), output: Channel, meta: { bots: true } }),
  /**
   * Makes a channel private or public, read-only or writable, by what it denies to everyone; other permissions remain.
   * The member who makes it private or read-only keeps access. It is no longer synced with its category. Ends the live
   * connections of those who may no longer view it. Fails: 401, 403 (no permission to manage channels and roles), 404.
   */
  setChannelAccess: mutation({
    input: ofChannel.extend({
      isPrivate: z.boolean().optional(),
      isReadOnly: z.boolean().optional(),
      reason: Reason,
    }),
    output: Channel,
    meta: { bots: true },
  }),
  /**
   * Archives a channel: it leaves all lists, and nobody writes to it or to its threads. By its address it stays readable.
   * Fails: 401, 403, 404, 400 (a thread).
   */
  archiveChannel: mutation({
    input: ofChannel.extend({ reason: Reason }),
    output: Channel,
    meta: { bots: true },
  }),
  /** Brings an archived channel back. Fails: 401, 403, 404, 400 (a thread; too many channels). */
  unarchiveChannel: mutation({
    input: ofChannel.extend({ reason: Reason }),
    output: Channel,
    meta: { bots: true },
  }),
  /** Deletes a channel and its log, and ends every live connection to it. Returns the deleted channel. Fails: 401, 403, 404. */
  deleteChannel: mutation({
    input: ofChannel.extend({ reason: Reason }),
    output: Channel,
    meta: { bots: true },
  }),
}
