import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { moderationContract } from "./contract.ts"

const ofMembers = {
  403: "without the permission, or the member is not below you",
  404: "no such server or member",
}
const ofChannels = { 403: "without the permission in the channel", 404: "no such channel" }
const { serverId, channelId, bobId: userId } = sample
const changed = { undoId: sample.newId, channelId, serverId }

export const moderationDocs: ProcedureDocs<typeof moderationContract> = {
  timeOutMember: {
    summary: "Lets a member only read, for some time",
    description: "A running timeout is replaced.",
    fails: ofMembers,
    fields: { seconds: "At most 28 days" },
    examples: [
      {
        input: { serverId, userId, seconds: 600, reason: "Cool down" },
        output: { undoId: sample.newId, until: sample.at },
      },
    ],
  },
  endTimeout: {
    summary: "Ends a timeout",
    fails: { ...ofMembers, 400: "the member is not timed out" },
    examples: [{ input: { serverId, userId }, output: { undoId: sample.newId } }],
  },
  getTimeouts: {
    summary: "Lists the timeouts that are running, the next to end first",
    fails: { 403: "without the permission to time out members", 404: "no such server" },
    examples: [{ input: { serverId }, output: [] }],
  },
  setSlowMode: {
    summary: "Sets how long members wait between two messages in a channel",
    description:
      "The same interval applies to creating threads. Bots are exempt, and so are members who may bypass slow mode, manage messages or manage the channel. Others get 429 with the seconds to wait.",
    fails: ofChannels,
    fields: { seconds: "0 to 21,600; 0 ends it" },
    examples: [{ input: { channelId, seconds: 30 }, output: changed }],
  },
  lockChannel: {
    summary: "Lets only moderators write in a channel",
    fails: ofChannels,
    examples: [{ input: { channelId, reason: "Everyone calm down" }, output: changed }],
  },
  unlockChannel: {
    summary: "Ends the lock of a channel",
    fails: ofChannels,
    examples: [{ input: { channelId }, output: changed }],
  },
  bulkDeleteMessages: {
    summary: "Deletes up to 100 messages of one channel",
    description: "Messages of other channels, or already deleted ones, are left out.",
    fails: ofChannels,
    examples: [
      {
        input: { channelId, messageIds: ["0b6c1d2e-3f40-4a5b-8c6d-7e8f90a1b2c3"] },
        output: { ...changed, deletedCount: 0 },
      },
    ],
  },
  purgeMessages: {
    summary: "Deletes messages of one person, in a channel or in the server",
    description:
      "In the server: in all channels in which you may manage messages. Without a time, it looks back over the newest 100,000 changes of each channel.",
    fails: { 403: "without the permission to manage messages", 404: "no such server, channel or user" },
    fields: {
      channelId: "Only in this channel",
      limit: "Only the newest, at most 1,000",
      seconds: "Only of the last seconds, at most 7 days",
      all: "All of them: for calls without a number and a time, so that none of these means everything by mistake",
    },
    examples: [
      {
        input: { serverId, userId, limit: 100, reason: "Spam" },
        output: { undoId: sample.newId, channelIds: [channelId], deletedCount: 1 },
      },
    ],
  },
  setNickname: {
    summary: "Sets what a member is called in a server",
    description: "Your own, or that of a member below you.",
    fails: ofMembers,
    fields: { nickname: "At most 32 characters; `null` removes it" },
    examples: [
      { by: "bob", input: { serverId, userId, nickname: "Bobby" }, output: { nickname: "Bobby" } },
      {
        summary: "Remove it",
        by: "bob",
        input: { serverId, userId, nickname: null },
        output: { nickname: null },
      },
    ],
  },
  undoAct: {
    summary: "Undoes what you did as a moderator, within 10 seconds",
    description:
      "Restores the former state: a member with roles, nickname and time of joining, deleted messages, the earlier timeout, slow mode or lock.",
    fails: {
      403: "somebody else did it, or you lost the permission",
      409: "the person was banned meanwhile",
      410: "too late, or undone already",
    },
    examples: [
      {
        input: { undoId: sample.undoId },
        output: { serverId, userIds: [], channelIds: [channelId] },
      },
    ],
  },
}
