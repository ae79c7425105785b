import { requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { versionsContract } from "./contract.ts"
import { listVersions } from "./store.ts"

export const versionsHandlers: Procedures<typeof versionsContract> = {
  getMessageHistory: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const { message } = await requireMessage(
        derived,
        derived.requireAuth(),
        inputs.messageId,
        "readHistory",
      )
      const { id, channelId, content, createdAt, editedAt, deletedAt } = message
      if (deletedAt) return { channelId, versions: [] }

      const before = await listVersions(derived.db, id)
      return { channelId, versions: [...before, { content, writtenAt: editedAt ?? createdAt }] }
    },
  },
}
