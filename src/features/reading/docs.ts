import type { ChannelDocs, ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { readingChannels, readingContract } from "./contract.ts"

const { serverId, channelId } = sample
const fails = { 403: "you are not a member", 404: "no such channel" }

export const readingDocs: ProcedureDocs<typeof readingContract> = {
  getUnread: {
    summary: "Lists the channels in which you have unread messages, at most 1,000",
    examples: [
      {
        input: null,
        output: [
          {
            channelId,
            serverId,
            unread: 1,
            mentions: 0,
            messageCount: 2,
            isConversation: false,
            isMuted: false,
          },
        ],
      },
    ],
  },
  markRead: {
    summary: "Stores how far you have read a channel",
    description: "It never moves backwards.",
    fails,
    fields: { position: "The `position` of the last message read" },
    examples: [{ input: { channelId, position: 2 }, output: { position: 2 } }],
  },
  markChannelRead: {
    summary: "Marks a channel as read",
    fails,
    examples: [{ input: { channelId }, output: { position: 2 } }],
  },
  markServerRead: {
    summary: "Marks all channels of a server as read",
    fails: { 403: "you are not a member" },
    examples: [{ input: { serverId }, output: null }],
  },
  markUnread: {
    summary: "Marks a channel as unread from a message on",
    fails: { 404: "no such message, or you may not read it" },
    examples: [{ input: { messageId: sample.bobsMessageId }, output: { position: 1, channelId, serverId } }],
  },
}

export const readingChannelDocs: ChannelDocs<typeof readingChannels> = {
  activity: {
    summary: "Announces new messages in a server's channels, for clients that show something else",
    description:
      "At most once a second, and immediately for a mention. Announcements may be lost: `getUnread` returns the current state. Channels that some members may not view announce theirs in `channelActivity`.",
    fails: {
      401: "no valid token was sent",
      403: "you are not a member",
      404: "no such server",
    },
  },
  channelActivity: {
    summary: "Announces new messages in a channel that some members of its server may not view",
    description: "Like `activity`, for one channel.",
    fails: {
      401: "no valid token was sent",
      403: "you may not view the channel",
      404: "no such channel",
    },
  },
}
