import { z } from "zod"
import { channel, mutation, query } from "../../kernel/index.ts"
import { insteadOfText, messageInputs } from "../message-fields.ts"
import { isVisible } from "../names.ts"
import { ConnectionContext } from "../permissions/connection.ts"
import { MessageExtras } from "./extras.ts"

/** Longest message, in UTF-16 code units (JS `length`). Source: Discord API docs, Create Message. */
export const maxContentLength = 2000

/** Largest and default page of history, in messages. Source: Discord API docs, Get Channel Messages. */
export const maxPageSize = 100
export const pageSize = 50

/** Most changes in one replay; a client that missed more loads the newest page instead. See docs/guarantees.md. */
export const maxReplay = 500

/** Chosen by the sender, so that a retry cannot create a second message. */
export const MessageId = z.guid("A message's id is a UUID")

/** Normalizes text for storage: line ends become `\n` (forms send `\r\n`); NUL and lone surrogates are replaced. */
export const Text = z
  .string()
  .overwrite((text) => text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd"))
  // Not `max`, which counts code points: browsers count code units.
  .refine((text) => text.length <= maxContentLength, {
    error: ({ input }) => {
      const excess = String(input).length - maxContentLength
      return `A message has at most ${maxContentLength} characters: this is ${excess} too long`
    },
  })

export const contentRequired = "Write something first"

/** The text of a message that has nothing else to show. */
export const Content = Text.refine(isVisible, contentRequired)

/** A new message as a client sends it: its text, and the fields that features add. */
const ClientMessage = z
  .object({ content: Text, id: MessageId.optional(), ...messageInputs })
  .refine(
    (message) => isVisible(message.content) || insteadOfText.some(({ input }) => isFilled(message[input])),
    {
      error: contentRequired,
      path: ["content"],
    },
  )

/** Treats an empty list as a missing one. */
function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined
}

export type MessageInput = z.infer<typeof ClientMessage>

/** Somebody with the names that readers of a channel see. */
export const PersonNamed = z.object({
  userId: z.string(),
  username: z.string(),
  /** The name that they chose; `null` for none. */
  displayName: z.string().nullish(),
  /** The nickname in the channel's server; `null` without one. */
  nickname: z.string().nullish(),
})

export const Message = z.object({
  id: z.string(),
  serverId: z.string(),
  channelId: z.string(),
  userId: z.string(),
  username: z.string(),
  /** The name that the author chose; `null` for none. */
  displayName: z.string().nullish(),
  /** What the author is called in this server; `null` for nothing else. */
  nickname: z.string().nullish(),
  /** The path of the author's picture; `null` without one. */
  avatarUrl: z.string().nullish(),
  /** Empty when deleted. */
  content: z.string(),
  createdAt: z.date(),
  editedAt: z.date().nullable(),
  deletedAt: z.date().nullable(),
  /** The `seq` of its creation: the order of messages within the channel. */
  position: z.int(),
  /** 1-based index of the message in its channel. */
  ordinal: z.int(),
  /** The `seq` of its last change; equal to `position` for a new message. */
  seq: z.int(),
  /** What is shown besides the text; `null` for a plain message. A tombstone retains what its features' hooks return. */
  extras: MessageExtras.nullable(),
  /** The names of the people whom it mentions and quotes, by their ids; those in `extras` are of their time. */
  names: z.record(z.string(), z.string()).nullish(),
})
export type Message = z.infer<typeof Message>

/** Does a message with this text and these extras show anything? */
export function hasContent(content: string, extras: MessageExtras | null): boolean {
  return isVisible(content) || insteadOfText.some((field) => extras?.[field.extras] !== undefined)
}

export const messagesContract = {
  /**
   * Returns a page of a channel's messages, oldest first, deleted ones as tombstones: the newest, or those
   * immediately `before` or `after` a message, given by its id. Fails: 401, 403 (not a member), 404 (no such channel
   * or message), 400 (both `before` and `after`).
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
  /** Replaces the text of the viewer's own message. Fails: 401, 403 (not the author), 404, 400, 410 (deleted), 429. */
  editMessage: mutation({
    input: z.object({ messageId: z.string(), content: Text }),
    output: Message,
    meta: { bots: true },
  }),
  /** Leaves a tombstone. For the author, and for the server's owner. Fails: 401, 403, 404. */
  deleteMessage: mutation({
    input: z.object({ messageId: z.string() }),
    output: Message,
    meta: { bots: true },
  }),
}

/**
 * Connects a viewer who may read the channel. `username` is accepted and ignored: the session identifies the user.
 * `after` is the cursor of the client, the `seq` of the last change it has: later changes are replayed first.
 */
export const ConnectionRequest = z.object({
  username: z.string().optional(),
  after: z.int().min(0).optional(),
})

export const messagesChannels = {
  /**
   * A channel's log, live: every new, edited and deleted message, in the order of `seq`. A client that missed more
   * than `maxReplay` changes gets a gap instead of a replay, and loads the newest messages with `getMessages`.
   * Faults: 401, 403, 404, 409, 429, 400.
   */
  chat: channel({
    clientMessage: ClientMessage,
    serverMessage: Message,
    connectionRequest: ConnectionRequest,
    connectionContext: ConnectionContext,
    params: ["serverId", "channelId"],
    seqOf: ({ seq }) => seq,
    positionOf: ({ position }) => position,
    withId: (message, id) => ({ ...message, id: message.id ?? id }),
  }),
}
