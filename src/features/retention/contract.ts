import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"

/** Longest retention: ten years. */
export const maxRetentionDays = 3650
/** How far ahead a preview looks. */
export const previewDays = 7
/** A preview counts so far, and says that there is more. */
export const maxPreviewed = 100_000

const days = (least: number) =>
  z
    .int("Use a whole number of days")
    .min(least, `Use at least ${least === 0 ? "0 days" : "1 day"}`)
    .max(maxRetentionDays, `Use at most ${maxRetentionDays} days`)
    .nullable()

/** Of a server: `null` keeps for ever. */
const ofServer = { messageDays: days(1), fileDays: days(1) }
/** Of a channel and its threads: `null` does as the server does, 0 keeps for ever. */
const ofChannel = { messageDays: days(0), fileDays: days(0) }

export const ServerRetention = z.object({
  ...ofServer,
  /** The channels that differ, as far as the viewer may view them. */
  channels: z.array(z.object({ channelId: z.string(), name: z.string(), ...ofChannel })),
})
export type ServerRetention = z.infer<typeof ServerRetention>

export const ChannelRetention = z.object({
  ...ofChannel,
  /** What the server says, which applies where the channel says nothing. */
  server: z.object(ofServer),
})
export type ChannelRetention = z.infer<typeof ChannelRetention>

const Count = z.object({
  /** Deleted as soon as it is set. */
  now: z.int(),
  /** Deleted in the seven days after. */
  soon: z.int(),
})

export const RetentionPreview = z.object({
  messages: Count,
  files: Count,
  /** There are more: it stopped counting at 100,000. */
  isAtLeast: z.boolean(),
})
export type RetentionPreview = z.infer<typeof RetentionPreview>

export const retentionContract = {
  /** After how many days a server deletes messages and files. Fails: 401, 403 (may not manage the server), 404. */
  getServerRetention: query({ input: z.object({ serverId: z.string() }), output: ServerRetention }),
  /** The same of a channel. Fails: 401, 403 (may not manage the channel), 404, 400 (a thread follows its channel). */
  getChannelRetention: query({ input: z.object({ channelId: z.string() }), output: ChannelRetention }),
  /** What would be deleted in a server with these values; none is `null`. Fails: 401, 403 (may not manage the server), 404, 400. */
  previewServerRetention: query({
    input: z.object({ serverId: z.string(), ...z.object(ofServer).partial().shape }),
    output: RetentionPreview,
  }),
  /** The same in a channel and its threads. Fails: 401, 403 (may not manage the channel), 404, 400. */
  previewChannelRetention: query({
    input: z.object({ channelId: z.string(), ...z.object(ofChannel).partial().shape }),
    output: RetentionPreview,
  }),
  /**
   * Sets after how many days messages and files of a server are deleted, in all channels that do not say otherwise. What is
   * older goes at once, for good; pinned messages stay with their files. Fails: 401, 403, 404, 400.
   */
  setServerRetention: mutation({
    input: z.object({ serverId: z.string(), ...ofServer, reason: Reason }),
    output: ServerRetention,
  }),
  /** The same for a channel and its threads. Fails: 401, 403, 404, 400 (a thread follows its channel). */
  setChannelRetention: mutation({
    input: z.object({ channelId: z.string(), ...ofChannel, reason: Reason }),
    output: ChannelRetention,
  }),
}
