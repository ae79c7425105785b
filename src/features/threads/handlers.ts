import { appendAllowed } from "../change-message.ts"
import { messageKey, messageLimit } from "../messages/limits.ts"
import { denialOfPace, findPace } from "../moderation/slow-mode.ts"
import { assertCan } from "../permissions/can.ts"
import { requireChannel, requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { messageDeleted } from "../permissions/wording.ts"
import type { Procedures } from "../services.ts"
import type { threadsContract } from "./contract.ts"
import { findParent, listThreads, openThread } from "./store.ts"

export const threadsHandlers: Procedures<typeof threadsContract> = {
  createThread: {
    resources: ({ outputs }) => [resource.channel(outputs.id), resource.threads(outputs.parentChannelId)],
    async procedure({ inputs, derived, error }) {
      const { db, limits } = derived
      const viewer = derived.requireAuth()
      const { message, standing } = await requireMessage(derived, viewer, inputs.messageId)
      const isThere = message.extras?.thread !== undefined
      // Opening an existing thread needs only the permission to read the message.
      const action = isThere ? "read" : "createThread"
      assertCan(standing, action)
      if ((await findParent(db, message.channelId)) !== null)
        error("You cannot start a thread in a thread", 400)
      const key = messageKey(viewer.id, message.channelId)
      const retryAfterSeconds = isThere ? 0 : await limits.get(messageLimit).take(key)
      if (retryAfterSeconds > 0)
        error("You are doing this too fast. Wait a moment", 429, { retryAfterSeconds })

      const pace = isThere ? undefined : await findPace(derived, viewer, message.channelId)
      const thread = await appendAllowed(
        derived,
        { viewer, message, action },
        async (changes) =>
          (pace && (await denialOfPace(changes.tx, pace, "thread"))) ??
          (await openThread(changes, message, new Date())),
      )
      return thread ?? error(messageDeleted, 410)
    },
  },

  getThreads: {
    resources: ({ inputs }) => [resource.threads(inputs.channelId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, inputs.channelId, "readHistory")
      const { id: channelId, serverId } = channel
      return listThreads(derived.db, { serverId, channelId, viewerId: viewer.id, skip: inputs.skip ?? 0 })
    },
  },
}
