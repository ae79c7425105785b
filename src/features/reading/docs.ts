import type { ChannelDocs, ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { readingChannels, readingContract } from "./contract.ts"

const { serverId, channelId } = sample
const fails = { 403: "one is not a member", 404: "there is no such channel" }

export const readingDocs: ProcedureDocs<typeof readingContract> = {
  getUnread: {
    summary: "The channels in which one has something unread, at most 1,000",
    examples: [
      {
        input: null,
        output: [{ channelId, serverId, unread: 1, mentions: 0, messageCount: 2, isConversation: false }],
      },
    ],
  },
  markRead: {
    summary: "Remembers how far one has read",
    description: "It never moves backwards.",
    fails,
    fields: { position: "The `position` of the last message read" },
    examples: [{ input: { channelId, position: 2 }, output: { position: 2 } }],
  },
  markChannelRead: {
    summary: "Marks all there is in a channel as read",
    fails,
    examples: [{ input: { channelId }, output: { position: 2 } }],
  },
  markServerRead: {
    summary: "Marks all there is in a server as read",
    fails: { 403: "one is not a member" },
    examples: [{ input: { serverId }, output: null }],
  },
  markUnread: {
    summary: "Makes a channel unread again, from a message on",
    fails: { 404: "there is no such message, or one may not read it" },
    examples: [{ input: { messageId: sample.bobsMessageId }, output: { position: 1, channelId, serverId } }],
  },
}

export const readingChannelDocs: ChannelDocs<typeof readingChannels> = {
  activity: {
    summary: "What is new in a server's channels, for who looks elsewhere",
    description:
      "At most once a second, and at once where somebody is mentioned. A hint that may be lost: `getUnread` tells how it is.",
    fails: {
      401: "no token was sent, or one that is not good",
      403: "one is not a member",
      404: "there is no such server",
    },
  },
}
