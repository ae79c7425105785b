import { z } from "zod"
import type { Address, ChannelDocs, ProcedureDocs } from "../api/doc.ts"
import { sample, sampleMessage, sampleReply } from "../api/sample.ts"
import { Message, messagesChannels, type messagesContract } from "./contract.ts"

const { serverId, channelId } = sample
const room = { path: { serverId, channelId } }
const messageFields = {
  content: "1 to 2,000 characters; may be empty where files go with it",
  id: "A UUID that the sender chooses, so that sending again never makes a second message",
  replyTo: "The id of the message of the same channel that it answers",
  files: "Ids of files that were uploaded before, at most 10",
}
const roomFields = { serverId: "The server's id", channelId: "The channel's id" }
const roomFails = { 403: "one is not a member", 404: "there is no such channel in that server" }
/** From bob's message on. */
const live = { ...room, query: { after: "1" }, input: undefined }
const json = { accept: "application/json" }

const edited = {
  ...sampleMessage,
  content: "Hello, everyone!",
  editedAt: sample.at,
  seq: 3,
}

export const messagesDocs: ProcedureDocs<typeof messagesContract> = {
  getMessages: {
    summary: "A channel's messages, oldest first: the newest, or those next to one",
    description:
      "To page back through history, ask for those `before` the id of the first message one has, until the answer is empty; to go forward, `after` the last. Deleted messages stay as tombstones, with `deletedAt` and no content.",
    fails: { 403: "one is not a member", 404: "there is no such channel or message" },
    fields: {
      limit: "Default: 50",
      before: "A message's id: those next before it",
      after: "A message's id: those next after it",
    },
    examples: [
      { input: { channelId, limit: 2 }, output: [sampleMessage, sampleReply] },
      {
        summary: "The page before the oldest one has",
        input: { channelId, before: sample.bobsMessageId },
        output: [sampleMessage],
      },
      {
        summary: "By someone who is not a member",
        by: "mallory",
        input: { channelId },
        error: { code: 403, message: "You are not a member of this server" },
      },
    ],
  },
  editMessage: {
    summary: "Changes what one's own message says",
    fails: { 403: "it is someone else's", 404: "there is no such message", 410: "it was deleted" },
    limit: "messages",
    fields: { content: "1 to 2,000 characters" },
    examples: [
      { input: { messageId: sample.messageId, content: "Hello, everyone!" }, output: edited },
      {
        summary: "Of someone else's",
        by: "bob",
        input: { messageId: sample.messageId, content: "Hello, bob!" },
        error: { code: 403, message: "You may edit only your own messages" },
      },
    ],
  },
  deleteMessage: {
    summary: "Leaves a tombstone in a message's place: of one's own, or of any for the server's owner",
    fails: { 403: "one may not", 404: "there is no such message" },
    examples: [
      {
        input: { messageId: sample.bobsMessageId },
        output: { ...sampleReply, content: "", deletedAt: sample.at, seq: 3 },
      },
    ],
  },
}

const sent = { ...sampleMessage, id: sample.newId, content: "Deployed.", position: 3, ordinal: 3, seq: 3 }
const roomPath = "/servers/{serverId}/channels/{channelId}"

export const messagesAddresses: Address[] = [
  {
    id: "sendMessage",
    method: "POST",
    path: `${roomPath}/messages`,
    summary: "Sends a message",
    description:
      "Ask with `Accept: application/json`, which curl's `--json` does by itself. Whoever chooses the `id` may send again after a lost answer: the stored message is answered, and nothing is stored or announced twice.",
    body: messagesChannels.chat.clientMessage,
    fields: {
      ...roomFields,
      content: "Up to 2,000 characters; with files it may be empty",
      files: "Ids of up to ten files that were uploaded to the channel before",
      replyTo: "The id of the message of this channel that it answers",
      id: "A UUID that the sender chooses, so that sending again never makes a second message",
    },
    answers: [
      { status: 201, description: "The message as it is stored", schema: Message },
      { status: 200, description: "The message that was stored under this id before", schema: Message },
    ],
    fails: {
      ...roomFails,
      404: "there is no such channel in that server, or no such message to answer",
      409: "another message has this id",
      410: "what it answers was deleted",
    },
    limit: "messages",
    examples: [
      {
        ...room,
        headers: json,
        input: { content: "Deployed.", id: sample.newId },
        status: 201,
        output: sent,
      },
      {
        summary: "Once more with an id that is stored",
        ...room,
        headers: json,
        input: { content: "Hello!", id: sample.messageId },
        status: 200,
        output: sampleMessage,
      },
      {
        summary: "With nothing in it",
        ...room,
        headers: json,
        input: { content: "" },
        error: { code: 400, message: "Write something first" },
      },
    ],
  },
  {
    id: "getHistory",
    method: "GET",
    path: roomPath,
    summary: "A page of the log, by position, with the cursors of the pages beside it",
    description:
      "Ask with `Accept: application/json`; otherwise it is the page for people. Fifty messages, oldest first: the newest, or those next to a position. `before` and `after` of the answer are what to ask with next, and `null` at either end; `seq` is where to go on reading live.",
    query: z.object({
      before: z.int().min(0).optional(),
      after: z.int().min(0).optional(),
      around: z.string().optional(),
    }),
    fields: {
      ...roomFields,
      before: "Those next before this position",
      after: "Those next after this position",
      around: "Those around the message of this id",
    },
    answers: [
      {
        status: 200,
        description: "The messages and the cursors",
        schema: z.object({
          messages: z.array(Message),
          before: z.int().nullable(),
          after: z.int().nullable(),
          seq: z.int(),
        }),
      },
    ],
    fails: { ...roomFails, 404: "there is no such channel in that server, or no such message to be around" },
    examples: [
      {
        ...room,
        headers: json,
        input: undefined,
        output: { messages: [sampleMessage, sampleReply], before: null, after: null, seq: 2 },
      },
      {
        summary: "What was said before a position",
        ...room,
        query: { before: "2" },
        headers: json,
        input: undefined,
        output: { messages: [sampleMessage], before: null, after: 1, seq: 2 },
      },
    ],
  },
  {
    id: "getMessage",
    method: "GET",
    path: "/messages/{messageId}",
    summary: "One message",
    description:
      "Ask with `Accept: application/json`; otherwise it leads people to the message in its channel.",
    fields: { messageId: "The message's id" },
    answers: [{ status: 200, description: "The message", schema: Message }],
    fails: { 404: "there is no such message, or one may not read it" },
    examples: [
      {
        path: { messageId: sample.messageId },
        headers: json,
        input: undefined,
        output: sampleMessage,
      },
    ],
  },
  {
    id: "readEvents",
    method: "GET",
    path: `${roomPath}/events`,
    summary: "Reads a channel live, from a change on",
    description:
      "An answer that does not end: first what changed since `after`, then whatever happens. `Accept` says how: `application/x-ndjson`, a message as it now is on each line; `text/plain`, lines for a terminal; `text/event-stream`, fragments of the page, whose `id` is the `seq` to go on from. Who missed more than 500 changes is told of a gap, and reads the newest.",
    query: z.object({ after: z.int().min(0).optional() }),
    fields: {
      ...roomFields,
      after: "The `seq` of the last change one knows, also as `Last-Event-ID`. Absent: from now on",
    },
    answers: [
      {
        status: 200,
        description: "Changes without end",
        types: {
          "application/x-ndjson":
            "A message on each line, an empty line as a sign of life, `{ gap: { after, seq } }`, and `{ end: { code, message } }` as the last",
          "text/plain": "Who said what, and when",
          "text/event-stream": "Fragments of HTML, each with its `seq` as `id`",
        },
      },
    ],
    fails: { ...roomFails, 429: "too many connections" },
    examples: [
      {
        summary: "As JSON, a line for each message",
        ...live,
        headers: { accept: "application/x-ndjson" },
        begins: `\n${JSON.stringify(sampleReply)}\n`,
      },
      {
        summary: "As text for a terminal",
        ...live,
        headers: { accept: "text/plain" },
        begins: `\n${sampleReply.createdAt.slice(0, 19)}Z bob: Hi, Alice.\n`,
      },
      {
        summary: "As server-sent events",
        ...live,
        headers: { accept: "text/event-stream" },
        begins: ": live\n\n",
      },
    ],
  },
  {
    id: "readStream",
    method: "GET",
    path: `${roomPath}/stream`,
    summary: "Reads a channel live, as one endless page",
    description: "What browsers without JavaScript show: HTML that goes on as long as the channel does.",
    query: z.object({ after: z.int().min(0).optional() }),
    fields: { ...roomFields, after: "The `seq` of the last change one knows. Absent: with the newest page" },
    answers: [{ status: 200, description: "A page without end", types: { "text/html": "The log" } }],
    fails: { ...roomFails, 429: "too many connections" },
    examples: [{ ...room, input: undefined, begins: "<!doctype html>" }],
  },
  {
    id: "openSocket",
    method: "GET",
    path: `${roomPath}/live`,
    summary: "Reads a channel live and sends into it, over a WebSocket",
    description:
      'Fragments of the page come down; up go `{ content, id }`, answered by `{ type: "stored", id }` or `{ type: "refused", id, code, message }`, and `{ status: "typing" }`. Whoever may not read the channel is told by a close code: 4401, 4403, 4404.',
    query: z.object({ after: z.int().min(0).optional() }),
    fields: { ...roomFields, after: "The `seq` of the last change one knows" },
    answers: [{ status: 101, description: "A WebSocket", types: {} }],
    fails: { 403: "another site's page asks" },
    examples: [],
  },
]

export const messagesChannelDocs: ChannelDocs<typeof messagesChannels> = {
  chat: {
    summary: "A channel's log, live: every message that is new, edited or deleted, in the order of `seq`",
    description:
      "What is sent is stored, and heard by all who listen, before it is answered. With `after`, what was missed since comes first.",
    fails: {
      400: "what was sent does not fit",
      401: "no token was sent, or one that is not good",
      403: "one is not a member",
      404: "there is no such channel in that server",
      409: "another message has this id",
      429: "too many messages",
    },
    fields: {
      after: "The `seq` of the last change one knows",
      ...messageFields,
      username: "Accepted and ignored: the token says who",
    },
  },
}
