import { z } from "zod"
import { channel, mutation, query } from "../../kernel/index.ts"
import { ConnectionRequest } from "../messages/contract.ts"
import { ConnectionContext } from "../permissions/connection.ts"

/** The highest count: pages show "99+" from there on. */
export const maxCounted = 100

/** A channel with unread messages. */
export const Unread = z.object({
  channelId: z.string(),
  serverId: z.string(),
  /** Messages after the viewer's read position, deleted ones included. */
  unread: z.int(),
  /**
   * Unread messages that mention the viewer or one of their roles, up to 100; in a conversation all unread ones. As the
   * viewer's notification levels say: 0 with the level "nothing".
   */
  mentions: z.int(),
  /** The number of messages ever sent to the channel. */
  messageCount: z.int(),
  isConversation: z.boolean(),
  /** Muted: pages show only what mentions the viewer. */
  isMuted: z.boolean(),
})
export type Unread = z.infer<typeof Unread>

/** How far the viewer has now read in a channel. */
const ReadPosition = z.object({ position: z.int() })

/** What is new in one channel of a server. */
export const News = z.object({
  channelId: z.string(),
  /** How many messages it had before, and has now. */
  from: z.int(),
  to: z.int(),
  /** How many of them are by whom; of many authors only the first are named. */
  by: z.record(z.string(), z.int()),
  /** Whom they mention, message by message: ids of users and roles, or `everyone`. */
  mentions: z.array(z.object({ by: z.string(), of: z.array(z.string()) })),
})
export type News = z.infer<typeof News>

export const readingContract = {
  /** The viewer's channels in which something is unread, at most 1,000. Fails: 401. */
  getUnread: query({ input: z.null(), output: z.array(Unread), meta: { bots: true } }),
  /** Remembers how far the viewer has read; never moves backwards. Fails: 401, 403, 404. */
  markRead: mutation({
    input: z.object({ channelId: z.string(), position: z.int().min(0) }),
    output: ReadPosition,
    meta: { bots: true },
  }),
  /** Marks a channel as read. Fails: 401, 403, 404. */
  markChannelRead: mutation({
    input: z.object({ channelId: z.string() }),
    output: ReadPosition,
    meta: { bots: true },
  }),
  /** Marks all channels of a server as read. Fails: 401, 403. */
  markServerRead: mutation({ input: z.object({ serverId: z.string() }), output: z.null() }),
  /** Marks a channel as unread from a message on. Fails: 401, 404. */
  markUnread: mutation({
    input: z.object({ messageId: z.string() }),
    output: ReadPosition.extend({ channelId: z.string(), serverId: z.string() }),
  }),
}

/** What is new in channels of a server. */
const Activities = z.object({ isConversation: z.boolean(), news: z.array(News) })
export type Activities = z.infer<typeof Activities>

export const readingChannels = {
  /**
   * What is new in the channels of a server that all its members may view, for who looks elsewhere: the same for all, at
   * most once a second, at once where somebody is mentioned. A hint that may be lost; `getUnread` tells how it is. Faults:
   * 401, 403, 404.
   */
  activity: channel({
    clientMessage: z.never(),
    serverMessage: Activities,
    connectionRequest: ConnectionRequest,
    connectionContext: ConnectionContext,
    params: ["serverId"],
  }),
  /** What is new in a channel that some members of its server may not view: it is not in `activity`. Faults: 401, 403, 404. */
  channelActivity: channel({
    clientMessage: z.never(),
    serverMessage: Activities,
    connectionRequest: ConnectionRequest,
    connectionContext: ConnectionContext,
    params: ["channelId"],
  }),
}
