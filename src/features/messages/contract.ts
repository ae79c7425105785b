import { z } from "zod"
import { channel, mutation, query } from "../../kernel/index.ts"
import { insteadOfText, messageInputs } from "../message-fields.ts"
import { isVisible } from "../names.ts"
import { ConnectionContext } from "../permissions/connection.ts"
import { MessageExtras } from "./extras.ts"

/** Longest message, in UTF-16 code units (JS `length`). Source: Discord API docs, Create Message. */
export const maxContentLength = 2000

/** Messages in one page of history. Source: Discord API docs, Get Channel Messages. */
export const maxPageSize = 100
export const pageSize = 50

/** Most changes one replay carries; who missed more reloads the log's tail. See docs/guarantees.md. */
export const maxReplay = 500

/** Chosen by the sender, so that sending again never makes a second message. */
export const MessageId = z.guid("A message's id is a UUID")

/** Text as it is kept: line ends become `\n` (forms send `\r\n`), and what no text can hold is replaced. */
const Text = z
  .string()
  .overwrite((text) => text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd"))
  // Not `max`, which counts code points: browsers count code units.
  .refine((text) => text.length <= maxContentLength, {
    error: ({ input }) => {
      const excess = String(input).length - maxContentLength
      return `A message has at most ${maxContentLength} characters: this is ${excess} too long`
    },
  })

const isSaid = isVisible
export const sayMore = "Write something first"

/** What a message may say. */
export const Content = Text.refine(isSaid, sayMore)

/** What someone sends: a text, and what the features' fields hold. */
const ClientMessage = z
  .object({ content: Text, id: MessageId.optional(), ...messageInputs })
  .refine((sent) => isSaid(sent.content) || insteadOfText.some(({ input }) => isGiven(sent[input])), {
    error: sayMore,
    path: ["content"],
  })
/** An empty list is no more than no list. */
function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined
}

export type MessageInput = z.infer<typeof ClientMessage>

export const Message = z.object({
  id: z.string(),
  serverId: z.string(),
  channelId: z.string(),
  userId: z.string(),
  username: z.string(),
  /** Empty when deleted. */
  content: z.string(),
  createdAt: z.date(),
  editedAt: z.date().nullable(),
  deletedAt: z.date().nullable(),
  /** Order of reading within the channel. */
  position: z.int(),
  /** The how-manieth message of its channel it is, from 1. */
  ordinal: z.int(),
  /** Number of the message's last change within the channel; equal to `position` when it is new. */
  seq: z.int(),
  /** What is shown with its text; `null` for a plain message. Of a deleted one no more than that a program wrote it. */
  extras: MessageExtras.nullable(),
})
export type Message = z.infer<typeof Message>

/** Does a message show anything when this is its text? */
export function saysSomething(content: string, extras: MessageExtras | null): boolean {
  return isSaid(content) || insteadOfText.some((field) => extras?.[field.extras] !== undefined)
}

export const messagesContract = {
  /**
   * A channel's messages, oldest first, deleted ones as tombstones: the newest, or those next `before` or
   * `after` the message of that id. Fails: 401, 403 (not a member), 404 (no such channel or message).
   */
  getMessages: query({
    input: z
      .object({
        channelId: z.string(),
        limit: z.int().min(1).max(maxPageSize).optional(),
        before: z.string().optional(),
        after: z.string().optional(),
      })
      .refine(({ before, after }) => before === undefined || after === undefined, {
        error: "Give before or after, not both",
        path: ["after"],
      }),
    output: z.array(Message),
    meta: { bots: true },
  }),
  /** Changes one's own message. Fails: 401, 403 (someone else's), 404, 400, 410 (deleted), 429. */
  editMessage: mutation({
    input: z.object({ messageId: z.string(), content: Text }),
    output: Message,
    meta: { bots: true },
  }),
  /** Leaves a tombstone. One's own, or any for the server's owner. Fails: 401, 403, 404. */
  deleteMessage: mutation({
    input: z.object({ messageId: z.string() }),
    output: Message,
    meta: { bots: true },
  }),
}

/**
 * Whoever may read a channel may connect to it. `username` is accepted and ignored: the session says who. `after` is
 * the `seq` of the last change a program has: what it missed since comes before what is new.
 */
export const ConnectionRequest = z.object({
  username: z.string().optional(),
  after: z.int().min(0).optional(),
})

export const messagesChannels = {
  /**
   * A channel's log, live: every new, edited and deleted message, in the order of `seq`. Whoever missed more than
   * `maxReplay` changes is told of a gap, and reads the newest with `getMessages`. Faults: 401, 403, 404, 409, 429, 400.
   */
  chat: channel({
    clientMessage: ClientMessage,
    serverMessage: Message,
    connectionRequest: ConnectionRequest,
    connectionContext: ConnectionContext,
    params: ["serverId", "channelId"],
    seqOf: ({ seq }) => seq,
    withId: (message, id) => ({ ...message, id: message.id ?? id }),
  }),
}
