import { writeRefusal } from "../blocks/policy.ts"
import { connectToChannel } from "../channels/connect.ts"
import { requireChannel } from "../channels/policy.ts"
import { withEmoji } from "../emoji/shortcodes.ts"
import type { Channels, Procedures } from "../services.ts"
import {
  isSaid,
  type Message,
  maxReplay,
  type messagesChannels,
  type messagesContract,
  pageSize,
  sayMore,
} from "./contract.ts"
import { announceAll, deleteMessage, editMessage, sendMessage } from "./parts.ts"
import { messageKey, requireMessage } from "./policy.ts"
import { findHead, findMessage, findPosition, listAfter, listBefore, listChanges, listTail } from "./store.ts"

const tooFast = "You are sending too fast. Wait a moment, then try again"

export const messagesHandlers: Procedures<typeof messagesContract> = {
  getMessages: {
    resources: ({ inputs }) => [`messages/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db } = derived
      const { id } = await requireChannel(derived, inputs.channelId, error)
      const { before, after, limit = pageSize } = inputs
      const from = before ?? after
      if (from === undefined) return listTail(db, id, limit)

      const position = await findPosition(db, id, from)
      if (position === undefined) return error("There is no such message in this channel", 404)

      return before === undefined ? listAfter(db, id, position, limit) : listBefore(db, id, position, limit)
    },
  },

  editMessage: {
    resources: ({ outputs }) => changedBy(outputs),
    async procedure({ inputs, derived, setHeader, error }) {
      const { db, commits, parts, messageLimit } = derived
      const { message, isAuthor, pair } = await requireMessage(derived, inputs.messageId, error)
      if (!isAuthor) error("You may edit only your own messages", 403)
      const refusal = writeRefusal(db, pair, message.userId)
      if (refusal) error(refusal, 403)
      // With files it need not say anything.
      if (!isSaid(inputs.content) && !message.extras?.attachments) {
        error(`content: ${sayMore}`, 400, { issues: [{ path: "content", message: sayMore }] })
      }
      const key = messageKey(message.userId, message.channelId)
      const retryAfterSeconds = messageLimit.take(key)
      for (const [name, value] of messageLimit.headers("messages", key)) setHeader(name, value)
      if (retryAfterSeconds > 0) error(tooFast, 429, { retryAfterSeconds })

      const content = await withEmoji(inputs.content)
      const change = await commits.run(() => editMessage(db, parts, message.id, content))
      if (!change) return error("This message was deleted", 410)

      await announceAll(derived, change.news)
      return change.message
    },
  },

  deleteMessage: {
    resources: ({ outputs }) => changedBy(outputs),
    async procedure({ inputs, derived, error }) {
      const { db, commits, parts } = derived
      const { message, isAuthor, isOwner } = await requireMessage(derived, inputs.messageId, error)
      if (!isAuthor && !isOwner) error("You may delete only your own messages", 403)

      const change = await commits.run(() => deleteMessage(db, parts, message.id))
      if (!change) return error("There is no such message", 404)

      await announceAll(derived, change.news)
      return change.message
    },
  },
}

/** What changes with a message: its channel's messages, and the thread that shows what it hangs on. */
function changedBy({ channelId, extras }: Message): string[] {
  const thread = extras?.thread ? [`channel/${extras.thread.channelId}`] : []
  return [`messages/channel/${channelId}`, ...thread]
}

export const chatHandlers: Channels<typeof messagesChannels> = {
  chat: {
    onConnect: connectToChannel,

    async onMessage({ inputs, params, context, derived, error }) {
      const { db, commits, parts } = derived
      const { userId, username, isBot } = context
      const id = inputs.id ?? crypto.randomUUID()
      const retryAfterSeconds = derived.messageLimit.take(messageKey(userId, params.channelId))
      if (retryAfterSeconds > 0) {
        // What is stored already was allowed: whoever asks again only missed the answer.
        const stored = await findMessage(db, id)
        if (stored?.userId === userId && stored.channelId === params.channelId) return
        error(tooFast, 429, { retryAfterSeconds })
      }

      const content = await withEmoji(inputs.content)
      const draft = {
        ...{ ...params, id, userId, username, content, createdAt: new Date() },
        bot: isBot && {},
      }
      const change = await commits.run(() => {
        const refusal = writeRefusal(db, context.pair, userId)
        if (refusal) error(refusal, 403)
        return sendMessage(db, parts, draft, inputs)
      })
      if (!change) return error("This channel was deleted", 404)

      const { message, isNew } = change
      if (message.userId !== userId || message.channelId !== params.channelId) {
        error("Another message has this id already", 409)
      }
      if (!isNew) return

      derived.metrics.messages.add()
      await derived.announce(message)
    },

    log: {
      head: ({ params, derived }) => findHead(derived.db, params.channelId),
      async since({ params, derived, after }) {
        const { db, metrics } = derived
        metrics.replays.add()
        const messages = await listChanges(db, params.channelId, after, maxReplay + 1)
        if (messages.length <= maxReplay) return { messages, seq: messages.at(-1)?.seq ?? after }

        metrics.replayResets.add()
        return { messages: null, seq: await findHead(db, params.channelId) }
      },
    },
  },
}
