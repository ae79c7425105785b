import { writeRefusal } from "../blocks/policy.ts"
import { requireChannel } from "../channels/policy.ts"
import { messageLimit } from "../messages/limits.ts"
import { messageKey, requireMessage } from "../messages/policy.ts"
import type { Procedures } from "../services.ts"
import type { threadsContract } from "./contract.ts"
import { findParent, listThreads, openThread } from "./store.ts"

export const threadsHandlers: Procedures<typeof threadsContract> = {
  createThread: {
    resources: ({ outputs }) => [`channel/${outputs.id}`, `threads/channel/${outputs.parentChannelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, publisher, limits } = derived
      const { message, pair } = await requireMessage(derived, inputs.messageId, error)
      const viewer = derived.requireAuth()
      const refusal = writeRefusal(db, pair, viewer.id)
      if (refusal) error(refusal, 403)
      if (findParent(db, message.channelId) !== null) error("In a thread there are no threads", 400)
      const isThere = message.extras?.thread !== undefined
      const key = messageKey(viewer.id, message.channelId)
      const retryAfterSeconds = isThere ? 0 : limits.get(messageLimit).take(key)
      if (retryAfterSeconds > 0) error("You are too fast. Wait a moment", 429, { retryAfterSeconds })

      const thread = await publisher.publish((changes) => openThread(changes, message, new Date()))
      return thread ?? error("This message was deleted", 410)
    },
  },

  getThreads: {
    resources: ({ inputs }) => [`threads/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { id: channelId, serverId } = await requireChannel(derived, inputs.channelId, error)
      const viewerId = derived.requireAuth().id
      return listThreads(derived.db, { serverId, channelId, viewerId, skip: inputs.skip ?? 0 })
    },
  },
}
