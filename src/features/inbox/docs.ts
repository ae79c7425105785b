import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleReply } from "../api/sample.ts"
import type { inboxContract } from "./contract.ts"

/** A thread of the channel, and the time at which alice marked everything as read. */
export const sampleThreadId = "4d5e6f70-8192-4a3b-9c4d-5e6f708192a3"
export const sampleUndoId = "2026-03-14T15:10:00.000Z"

const { serverId, bobsMessageId: messageId, channelId } = sample
const item = { messageId, reason: "reply" } as const
const thread = { 400: "the channel is not a thread", 403: "you are not a member", 404: "no such channel" }
const missing = { 403: "you may not read its channel's history", 404: "not in your inbox" }

export const inboxDocs: ProcedureDocs<typeof inboxContract> = {
  getInbox: {
    summary: "Lists your inbox of all servers, newest first",
    description:
      "Mentions of you, of your roles and of everyone, replies to you, new messages in threads that you follow, your keywords and your reminders. Messages that you may no longer read are left out. Mentions of roles and of everyone stay for 30 days. In pages of 25.",
    fails: { 400: "`before` is no cursor" },
    fields: {
      state: "`open` (default): not done. `unread`: not done, and not read in their channel. `done`: done",
      serverId: "Only items of this server; `direct`: of conversations",
      before: "The `older` of the page before",
    },
    examples: [
      {
        input: { state: "unread", reason: "reply" },
        output: {
          items: [
            {
              message: sampleReply,
              reason: "reply",
              at: sample.at,
              isUnread: true,
              doneAt: null,
              note: null,
              serverName: "Lab",
              channelName: "general",
              isThread: false,
              isConversation: false,
            },
          ],
          older: null,
          unread: 1,
        },
      },
    ],
  },
  markDone: {
    summary: "Marks an item of your inbox as done",
    fails: missing,
    fields: { reason: "The item's reason: a message may also be there as a reminder" },
    examples: [{ input: item, output: item }],
  },
  markUndone: {
    summary: "Moves an item that is done back to your inbox",
    fails: { 403: missing[403], 404: "it is not done" },
    examples: [{ input: item, output: item }],
  },
  markItemUnread: {
    summary: "Marks an item of your inbox as unread",
    description:
      "It is not done any more, and its channel is unread from its message on, if you had read it there. Of a reminder the channel stays as it is.",
    fails: missing,
    fields: { reason: "The item's reason: a message may also be there as a reminder" },
    examples: [{ input: item, output: { ...item, channelId } }],
  },
  markAllRead: {
    summary: "Marks everything as read, or everything in one server",
    description:
      "Channels and followed threads become read, and the items of your inbox done, except reminders. `undoMarkAllRead` takes the returned id within 10 minutes.",
    fails: { 403: "you are not a member" },
    examples: [{ input: { serverId }, output: { undoId: sampleUndoId } }],
  },
  undoMarkAllRead: {
    summary: "Undoes `markAllRead`",
    fails: { 410: "too late, or already undone" },
    examples: [{ input: { undoId: sampleUndoId }, output: null }],
  },
  followThread: {
    summary: "Follows a thread: its new messages come to your inbox",
    description: "You follow a thread automatically when you write in it or are mentioned there.",
    fails: thread,
    examples: [
      { input: { channelId: sampleThreadId }, output: { channelId: sampleThreadId, isFollowed: true } },
      {
        summary: "A channel that is no thread",
        input: { channelId },
        error: { code: 400, message: "Only threads can be followed" },
      },
    ],
  },
  unfollowThread: {
    summary: "Stops following a thread permanently",
    description: "Writing there or being mentioned does not follow it again.",
    fails: thread,
    examples: [
      { input: { channelId: sampleThreadId }, output: { channelId: sampleThreadId, isFollowed: false } },
    ],
  },
  getFollowedThreads: {
    summary: "Lists the threads that you follow in all servers, unread ones first",
    description: "In pages of 50.",
    fields: { skip: "Number of threads to skip: those you have" },
    examples: [{ input: {}, output: [] }],
  },
}
