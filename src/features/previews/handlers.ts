import { requireMessage } from "../messages/policy.ts"
import { updateExtras } from "../messages/store.ts"
import type { Procedures } from "../services.ts"
import type { previewsContract } from "./contract.ts"
import { removePreview } from "./store.ts"

export const previewsHandlers: Procedures<typeof previewsContract> = {
  removePreview: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits, previews } = derived
      const { message, isAuthor, isOwner } = await requireMessage(derived, inputs.messageId, error)
      if (!isAuthor && !isOwner) error("You may remove previews only from your own messages", 403)

      const { previewId } = inputs
      const change = await commits.run(() =>
        updateExtras(db, message.id, (extras) => {
          const kept = extras.previews?.filter(({ id }) => id !== previewId) ?? []
          if (kept.length === (extras.previews?.length ?? 0)) return extras

          const imageKey = removePreview(db, message.id, previewId, new Date())
          if (imageKey) previews.drop([imageKey])
          return { ...extras, previews: kept.length > 0 ? kept : undefined }
        }),
      )
      if (!change?.isNew) return error("There is no such preview. It may have been removed already", 404)

      await derived.announce(change.message)
      return change.message
    },
  },
}
