import { requireMessage } from "../messages/policy.ts"
import type { Procedures } from "../services.ts"
import type { versionsContract } from "./contract.ts"
import { listVersions } from "./store.ts"

export const versionsHandlers: Procedures<typeof versionsContract> = {
  getMessageHistory: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { message } = await requireMessage(derived, inputs.messageId, error)
      const { id, channelId, content, createdAt, editedAt, deletedAt } = message
      if (deletedAt) return { channelId, versions: [] }

      const before = await listVersions(derived.db, id)
      return { channelId, versions: [...before, { content, writtenAt: editedAt ?? createdAt }] }
    },
  },
}
