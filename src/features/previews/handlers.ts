import { requireMessage } from "../messages/policy.ts"
import { type Change, updateExtras } from "../messages/store.ts"
import type { ChangeSet } from "../publishing/change-set.ts"
import { publishChange } from "../publishing/publisher.ts"
import type { Procedures } from "../services.ts"
import type { previewsContract } from "./contract.ts"
import { linkPreviews, type Previews } from "./previews.ts"
import { removePreview } from "./store.ts"

const noSuchPreview = { message: "There is no such preview. It may have been removed already", code: 404 }

export const previewsHandlers: Procedures<typeof previewsContract> = {
  removePreview: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const previews = derived.workers.get(linkPreviews)
      const { isAuthor, isOwner } = await requireMessage(derived, inputs.messageId, error)
      if (!isAuthor && !isOwner) error("You may remove previews only from your own messages", 403)

      return publishChange(derived, (changes) => hidePreview(changes, inputs, previews), noSuchPreview)
    },
  },
}

/** `undefined` when the message shows no such preview. */
function hidePreview(
  changes: ChangeSet,
  { messageId, previewId }: { messageId: string; previewId: string },
  previews: Previews,
): Change | undefined {
  const change = updateExtras(changes, messageId, (extras) => {
    const left = extras.previews?.filter(({ id }) => id !== previewId) ?? []
    if (left.length === (extras.previews?.length ?? 0)) return extras

    const imageKey = removePreview(changes.tx, messageId, previewId, new Date())
    if (imageKey) changes.afterCommit(() => previews.drop([imageKey]))
    return { ...extras, previews: left.length > 0 ? left : undefined }
  })
  return change?.isNew ? change : undefined
}
