import { changeAllowed } from "../change-message.ts"
import type { ChangeSet } from "../change-set.ts"
import { type Change, updateExtras } from "../messages/store.ts"
import { requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
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
      const viewer = derived.requireAuth()
      const { message } = await requireMessage(derived, viewer, inputs.messageId, "removePreviews")

      const hide = (changes: ChangeSet) => hidePreview(changes, inputs, previews)
      return changeAllowed(derived, { viewer, message, action: "removePreviews" }, hide, noSuchPreview)
    },
  },
}

/** Returns `undefined` when the message has no such preview. */
async function hidePreview(
  changes: ChangeSet,
  { messageId, previewId }: { messageId: string; previewId: string },
  previews: PreviewFetcher,
): Promise<Change | undefined> {
  const change = await updateExtras(changes, messageId, async (extras) => {
    const remaining = extras.previews?.filter(({ id }) => id !== previewId) ?? []
    if (remaining.length === (extras.previews?.length ?? 0)) return extras

    const imageKey = await removePreview(changes.tx, messageId, previewId, new Date())
    if (imageKey) changes.afterCommit(() => previews.deletePictures([imageKey]))
    return { ...extras, previews: remaining.length > 0 ? remaining : undefined }
  })
  return change?.isNew ? change : undefined
}
