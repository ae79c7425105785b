import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { conversationsContract } from "./contract.ts"

const bob = { userId: sample.bobId, username: "bob", displayName: null, avatarUrl: null }
const people = [{ userId: sample.aliceId, username: "alice", displayName: null, avatarUrl: null }, bob]
const group = {
  id: sample.groupId,
  channelId: sample.newId,
  name: "The two of us",
  isGroup: true,
  people,
  unread: 0,
  mentions: 0,
  isMuted: false,
  lastMessageAt: null,
}
const reachable = "one of them shares no server with you, or does not accept messages from you"
const noGroup = "no such group"
const conversationId = "The `id` of a conversation: elsewhere it is the `serverId` of its channel"
const userIds = "The other people, without yourself"

export const conversationsDocs: ProcedureDocs<typeof conversationsContract> = {
  getConversations: {
    summary: "Lists your conversations, most recently active first, at most 200",
    description: "Read and send their messages as in any channel.",
    examples: [{ input: null, output: [group] }],
  },
  getPeople: {
    summary: "Searches the people you share a server with by a part of their name, at most 20",
    fields: { search: "A part of a name. Empty: all people" },
    examples: [{ input: { search: "bo" }, output: [bob] }],
  },
  openConversation: {
    summary: "Opens the conversation with a user, or creates a group",
    description:
      "Two people have one conversation, so opening it again returns the same. With more people a new group is created.",
    fails: { 403: reachable },
    fields: { userIds },
    examples: [
      {
        input: { userIds: [sample.bobId] },
        output: { ...group, id: sample.newId, name: "bob", isGroup: false },
      },
      {
        summary: "With a user who shares no server with you",
        input: { userIds: [sample.malloryId] },
        error: {
          code: 403,
          message: "You can message only people who share a server with you and accept messages from you",
        },
      },
    ],
  },
  addToConversation: {
    summary: "Adds people to a group",
    description: "They see the earlier messages. A group has at most ten people.",
    fails: { 403: reachable, 404: noGroup },
    fields: { conversationId, userIds },
    examples: [{ input: { conversationId: sample.groupId, userIds: [sample.bobId] }, output: group }],
  },
  renameConversation: {
    summary: "Renames a group",
    fails: { 404: noGroup },
    fields: { conversationId, name: "Up to 100 characters. Empty: the group is named after its people" },
    examples: [
      {
        input: { conversationId: sample.groupId, name: "Lunch" },
        output: { ...group, name: "Lunch" },
      },
    ],
  },
  leaveConversation: {
    summary: "Leaves a group",
    description: "When the last person leaves, the group is deleted.",
    fails: { 404: noGroup },
    fields: { conversationId },
    examples: [{ input: { conversationId: sample.groupId }, output: null }],
  },
}
