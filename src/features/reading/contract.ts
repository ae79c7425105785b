import { z } from "zod"
import { channel, mutation, query } from "../../kernel/index.ts"
import { ConnectionRequest } from "../messages/contract.ts"
import { ConnectionContext } from "../permissions/connection.ts"

/** More than this is not counted: it says "99+". */
export const maxCounted = 100

/** A channel in which something is unread. */
export const Unread = z.object({
  channelId: z.string(),
  serverId: z.string(),
  /** How many messages the viewer has not read, deleted ones too. */
  unread: z.int(),
  /** How many of them are meant for the viewer, up to 100; in a conversation all of them. */
  mentions: z.int(),
  /** How many messages the channel was ever sent. */
  messageCount: z.int(),
  isConversation: z.boolean(),
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
  /** Whom they mention, message by message. */
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
  /** All there is in a channel is read. Fails: 401, 403, 404. */
  markChannelRead: mutation({
    input: z.object({ channelId: z.string() }),
    output: ReadPosition,
    meta: { bots: true },
  }),
  /** All there is in a server is read. Fails: 401, 403. */
  markServerRead: mutation({ input: z.object({ serverId: z.string() }), output: z.null() }),
  /** From this message on, its channel is unread again. Fails: 401, 404. */
  markUnread: mutation({
    input: z.object({ messageId: z.string() }),
    output: ReadPosition.extend({ channelId: z.string(), serverId: z.string() }),
  }),
}

export const readingChannels = {
  /**
   * What is new in a server, for who looks elsewhere: the same for all, at most once a second, at once where somebody
   * is mentioned. A hint that may be lost; `getUnread` tells how it is. Faults: 401, 403, 404.
   */
  activity: channel({
    clientMessage: z.never(),
    serverMessage: z.object({ isConversation: z.boolean(), news: z.array(News) }),
    connectionRequest: ConnectionRequest,
    connectionContext: ConnectionContext,
    params: ["serverId"],
  }),
}
