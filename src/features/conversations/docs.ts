import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { conversationsContract } from "./contract.ts"

const people = [
  { userId: sample.aliceId, username: "alice" },
  { userId: sample.bobId, username: "bob" },
]
const group = {
  id: sample.groupId,
  channelId: sample.newId,
  name: "The two of us",
  isGroup: true,
  people,
  unread: 0,
  lastMessageAt: null,
}
const reachable = "one of them shares no server with the viewer, or does not want to hear from them"
const noGroup = "there is no such group"
const conversationId = "The `id` of a conversation: it is the `serverId` of its channel everywhere else"
const userIds = "The others, without oneself"

export const conversationsDocs: ProcedureDocs<typeof conversationsContract> = {
  getConversations: {
    summary: "One's conversations, the last to be spoken in first, at most 200",
    description: "Their messages are read and written as those of any channel.",
    examples: [{ input: null, output: [group] }],
  },
  getPeople: {
    summary: "People one shares a server with, by a part of their name, at most 20",
    fields: { search: "A part of a name; empty: anybody" },
    examples: [{ input: { search: "bo" }, output: [{ userId: sample.bobId, username: "bob" }] }],
  },
  openConversation: {
    summary: "Opens the conversation with somebody, or begins a group",
    description:
      "Between two there is one, whoever opens it and however often. With more people it is a new group.",
    fails: { 403: reachable },
    fields: { userIds },
    examples: [
      {
        input: { userIds: [sample.bobId] },
        output: { ...group, id: sample.newId, name: "bob", isGroup: false },
      },
      {
        summary: "With a stranger",
        input: { userIds: [sample.malloryId] },
        error: {
          code: 403,
          message: "You can write only to people who share a server with you and have not closed that to you",
        },
      },
    ],
  },
  addToConversation: {
    summary: "Adds people to a group",
    description: "They see what was said before. At most ten are in a group.",
    fails: { 403: reachable, 404: noGroup },
    fields: { conversationId, userIds },
    examples: [{ input: { conversationId: sample.groupId, userIds: [sample.bobId] }, output: group }],
  },
  renameConversation: {
    summary: "Calls a group something",
    fails: { 404: noGroup },
    fields: { conversationId, name: "Up to 100 characters; empty: it is called by its people again" },
    examples: [
      {
        input: { conversationId: sample.groupId, name: "Lunch" },
        output: { ...group, name: "Lunch" },
      },
    ],
  },
  leaveConversation: {
    summary: "Leaves a group",
    description: "With the last of them it is gone.",
    fails: { 404: noGroup },
    fields: { conversationId },
    examples: [{ input: { conversationId: sample.groupId }, output: null }],
  },
}
