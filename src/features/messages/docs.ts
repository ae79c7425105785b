import { z } from "zod"
import type { ChannelDocs, EndpointDoc, ProcedureDocs } from "../api/doc.ts"
import { sample, sampleMessage, sampleReply } from "../api/sample.ts"
import { Message, messagesChannels, type messagesContract } from "./contract.ts"

const { serverId, channelId } = sample
const room = { path: { serverId, channelId } }
const messageFields = {
  content: "1 to 2,000 characters; may be empty with files",
  id: "A UUID chosen by the sender: sending again with the same id never creates a second message",
}
const roomFields = { serverId: "The server's id", channelId: "The channel's id" }
const roomFails = { 403: "you are not a member", 404: "no such channel in that server" }
/** Starts with bob's message. */
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
    summary: "Lists a channel's messages, oldest first: the newest ones, or those next to a message",
    description:
      "To page back, request the messages `before` the id of your first message until the response is empty; to page forward, those `after` your last. Deleted messages stay as tombstones with `deletedAt` and without content.",
    fails: { 403: "you are not a member", 404: "no such channel or message" },
    fields: {
      limit: "Default: 50",
      before: "A message's id: the messages before it",
      after: "A message's id: the messages after it",
    },
    examples: [
      { input: { channelId, limit: 2 }, output: [sampleMessage, sampleReply] },
      {
        summary: "The page before a message",
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
    summary: "Edits your own message",
    fails: { 403: "you are not its author", 404: "no such message", 410: "it was deleted" },
    limit: "messages",
    fields: { content: "1 to 2,000 characters" },
    examples: [
      { input: { messageId: sample.messageId, content: "Hello, everyone!" }, output: edited },
      {
        summary: "Another user's message",
        by: "bob",
        input: { messageId: sample.messageId, content: "Hello, bob!" },
        error: { code: 403, message: "You may edit only your own messages" },
      },
    ],
  },
  deleteMessage: {
    summary: "Deletes a message and leaves a tombstone; authors may, and the server's owner",
    fails: { 403: "you are neither its author nor the owner", 404: "no such message" },
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

export const messagesEndpoints: EndpointDoc[] = [
  {
    id: "sendMessage",
    method: "POST",
    path: `${roomPath}/messages`,
    summary: "Sends a message",
    description:
      "Send `Accept: application/json`; curl's `--json` does. With an `id` of your own you can send again after a lost response: the stored message is returned, and nothing is stored or announced twice.",
    body: messagesChannels.chat.clientMessage,
    fields: {
      ...roomFields,
      content: "Up to 2,000 characters; may be empty with files",
      id: "A UUID chosen by the sender: sending again with the same id never creates a second message",
    },
    answers: [
      { status: 201, description: "The stored message", schema: Message },
      { status: 200, description: "The message that was stored with this id before", schema: Message },
    ],
    fails: {
      ...roomFails,
      404: "no such channel in that server, or no such message to reply to",
      409: "another message has this id",
      410: "the message it replies to was deleted",
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
        summary: "Again with an id that is stored",
        ...room,
        headers: json,
        input: { content: "Hello!", id: sample.messageId },
        status: 200,
        output: sampleMessage,
      },
      {
        summary: "Without content",
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
    summary: "A page of the log by position, with the cursors of the neighbouring pages",
    description:
      "Send `Accept: application/json`; otherwise the response is the page for people. Fifty messages, oldest first: the newest, or those next to a position. `before` and `after` of the response are the cursors of the next requests, `null` at either end; `seq` is the cursor for reading live.",
    query: z.object({
      before: z.int().min(0).optional(),
      after: z.int().min(0).optional(),
      around: z.string().optional(),
    }),
    fields: {
      ...roomFields,
      before: "The messages before this position",
      after: "The messages after this position",
      around: "The messages around the message with this id",
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
    fails: { ...roomFails, 404: "no such channel in that server, or no such message" },
    examples: [
      {
        ...room,
        headers: json,
        input: undefined,
        output: { messages: [sampleMessage, sampleReply], before: null, after: null, seq: 2 },
      },
      {
        summary: "The messages before a position",
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
      "Send `Accept: application/json`; otherwise the response redirects to the message in its channel.",
    fields: { messageId: "The message's id" },
    answers: [{ status: 200, description: "The message", schema: Message }],
    fails: { 404: "no such message, or you may not read it" },
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
    summary: "Reads a channel live, starting after a change",
    description:
      "A streaming response: first the changes after `after`, then new ones. `Accept` selects the format. `application/x-ndjson`: the current version of a message on each line. `text/plain`: lines for a terminal. `text/event-stream`: fragments of the page, with the `seq` as `id`. A reader who missed more than 500 changes receives a gap and the newest messages.",
    query: z.object({ after: z.int().min(0).optional() }),
    fields: {
      ...roomFields,
      after: "The `seq` of the last change you have, also as `Last-Event-ID`. Absent: new changes only",
    },
    answers: [
      {
        status: 200,
        description: "A stream of changes",
        types: {
          "application/x-ndjson":
            "A message on each line, empty lines as heartbeats, `{ gap: { after, seq } }`, and `{ end: { code, message } }` as the last line",
          "text/plain": "Time, author and content",
          "text/event-stream": "Fragments of HTML, each with its `seq` as `id`",
        },
      },
    ],
    fails: { ...roomFails, 429: "too many connections from your network" },
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
    summary: "Reads a channel live as a streamed page",
    description: "For browsers without JavaScript: an HTML page that never ends.",
    query: z.object({ after: z.int().min(0).optional() }),
    fields: {
      ...roomFields,
      after: "The `seq` of the last change you have. Absent: starts with the newest page",
    },
    answers: [{ status: 200, description: "A streamed page", types: { "text/html": "The log" } }],
    fails: { ...roomFails, 429: "too many connections from your network" },
    examples: [{ ...room, input: undefined, begins: "<!doctype html>" }],
  },
  {
    id: "openSocket",
    method: "GET",
    path: `${roomPath}/live`,
    summary: "Reads a channel live and sends messages over a WebSocket",
    description:
      'The server sends fragments of the page. The client sends `{ content, id }`, which is answered with `{ type: "stored", id }` or `{ type: "refused", id, code, message }`, and `{ status: "typing" }`. Without permission to read, the socket is closed with 4401, 4403 or 4404. A user who opens more than 50 connections loses the one that has sent nothing for longest, with 4409.',
    query: z.object({ after: z.int().min(0).optional() }),
    fields: { ...roomFields, after: "The `seq` of the last change you have" },
    answers: [{ status: 101, description: "A WebSocket", types: {} }],
    fails: { 403: "the request comes from a page of another site" },
    examples: [],
  },
]

export const messagesChannelDocs: ChannelDocs<typeof messagesChannels> = {
  chat: {
    summary: "A channel's log, live: every new, edited or deleted message, in the order of `seq`",
    description:
      "A message is stored and delivered to all subscribers before the send is confirmed. With `after`, missed messages come first.",
    fails: {
      400: "the message is invalid",
      401: "no valid token was sent",
      403: "you are not a member",
      404: "no such channel in that server",
      409: "another message has this id",
      429: "too many messages",
    },
    fields: {
      after: "The `seq` of the last change you have",
      ...messageFields,
      username: "Accepted and ignored: the token identifies the user",
    },
  },
}
