import type { ChangeSet } from "../change-set.ts"
import { type Change, updateExtras } from "../messages/store.ts"
import { requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { publishChange } from "../publisher.ts"
import type { Procedures } from "../services.ts"
import type { previewsContract } from "./contract.ts"
import { type PreviewFetcher, previewFetcher } from "./previews.ts"
import { removePreview } from "./store.ts"

const noSuchPreview = { message: "There is no such preview. It may have been removed", code: 404 }

export const previewsHandlers: Procedures<typeof previewsContract> = {
  removePreview: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const previews = derived.workers.get(previewFetcher)
      await requireMessage(derived, derived.requireAuth(), inputs.messageId, "removePreviews")

      return publishChange(derived, (changes) => hidePreview(changes, inputs, previews), noSuchPreview)
    },
  },
}

/** Returns `undefined` when the message has no such preview. */
function hidePreview(
  changes: ChangeSet,
  { messageId, previewId }: { messageId: string; previewId: string },
  previews: PreviewFetcher,
): Change | undefined {
  const change = updateExtras(changes, messageId, (extras) => {
    const remaining = extras.previews?.filter(({ id }) => id !== previewId) ?? []
    if (remaining.length === (extras.previews?.length ?? 0)) return extras

    const imageKey = removePreview(changes.tx, messageId, previewId, new Date())
    if (imageKey) changes.afterCommit(() => previews.deletePictures([imageKey]))
    return { ...extras, previews: remaining.length > 0 ? remaining : undefined }
  })
  return change?.isNew ? change : undefined
}
