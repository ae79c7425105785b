import { recordOnMessage } from "../audit-log/on-message.ts"
import { changeAllowed } from "../change-message.ts"
import type { ChangeSet } from "../change-set.ts"
import { connectToChannel } from "../permissions/connect.ts"
import { requireChannel, requireMessage } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import { noSuchMessage, noSuchMessageInChannel } from "../permissions/wording.ts"
import type { Channels, Procedures } from "../services.ts"
import {
  contentRequired,
  hasContent,
  type Message,
  type messagesChannels,
  type messagesContract,
  pageSize,
} from "./contract.ts"
import { messageKey, messageLimit } from "./limits.ts"
import { findReplay } from "./replay.ts"
import { sendEdit, sendMessage, tooFast } from "./send.ts"
import { findHead, findPosition, listAfter, listBefore, listTail } from "./store.ts"
import { deleteMessage } from "./write.ts"

export const messagesHandlers: Procedures<typeof messagesContract> = {
  getMessages: {
    resources: ({ inputs }) => [resource.messages(inputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { db } = derived
      const { channel } = await requireChannel(
        derived,
        derived.requireAuth(),
        inputs.channelId,
        "readHistory",
      )
      const { id } = channel
      const { before, after, limit = pageSize } = inputs
      const cursorId = before ?? after
      if (cursorId === undefined) return listTail(db, id, limit)

      const position = await findPosition(db, id, cursorId)
      if (position === undefined) return error(noSuchMessageInChannel, 404)

      return before === undefined ? listAfter(db, id, position, limit) : listBefore(db, id, position, limit)
    },
  },

  editMessage: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived, setHeader, error }) {
      const { limits } = derived
      const viewer = derived.requireAuth()
      const { message } = await requireMessage(derived, viewer, inputs.messageId, "edit")
      if (!hasContent(inputs.content, message.extras)) {
        error(`content: ${contentRequired}`, 400, { issues: [{ path: "content", message: contentRequired }] })
      }
      const key = messageKey(message.userId, message.channelId)
      const limit = limits.get(messageLimit)
      const retryAfterSeconds = await limit.take(key)
      for (const [name, value] of await limit.headers("messages", key)) setHeader(name, value)
      if (retryAfterSeconds > 0) error(tooFast, 429, { retryAfterSeconds })

      const sender = await derived.senders.find(viewer, message.channelId)
      return sendEdit(derived, { ...message, content: inputs.content, sender })
    },
  },

  deleteMessage: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { message, standing } = await requireMessage(derived, viewer, inputs.messageId, "delete")

      const remove = async (changes: ChangeSet) => {
        const deleted = await deleteMessage(changes, derived.messageHooks, message.id)
        if (deleted?.isNew && !standing.isAuthor)
          await recordOnMessage(changes.tx, { standing, actor: viewer, action: "message.delete", message })
        return deleted
      }
      return changeAllowed(derived, { viewer, message, action: "delete" }, remove, {
        message: noSuchMessage,
        code: 404,
      })
    },
  },
}

/** The resources that change with a message: its channel's messages, and its thread, whose page quotes it. */
function resourcesOf({ channelId, extras }: Message): Resource[] {
  const thread = extras?.thread ? [resource.channel(extras.thread.channelId)] : []
  return [resource.messages(channelId), ...thread]
}

export const chatHandlers: Channels<typeof messagesChannels> = {
  chat: {
    onConnect: connectToChannel,

    async onMessage({ inputs, params, context, derived }) {
      const { userId, username, pair, isBot } = context
      const author = { userId, username, pair, isBot, bot: isBot && (() => ({})) }
      await sendMessage(derived, { room: params, author, input: inputs })
    },

    log: {
      mayReplay: ({ isLiveOnly }) => !isLiveOnly,
      head: ({ params, derived }) => findHead(derived.db, params.channelId),
      async since({ params, derived, after }) {
        const { db, metrics } = derived
        metrics.replays.add()
        const messages = await findReplay(db, params.channelId, after)
        if (messages) return { messages, seq: messages.at(-1)?.seq ?? after }

        metrics.replayResets.add()
        return { messages: null, seq: await findHead(db, params.channelId) }
      },
    },
  },
}
