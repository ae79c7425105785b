import type { MessageHooks } from "../messages/hooks.ts"
import { can } from "../permissions/can.ts"
import type { Standing } from "../permissions/standing.ts"
import { linksIn, mayHaveLinks } from "./links.ts"
import type { PreviewFetcher } from "./previews.ts"
import { deletePreviews, deletePreviewsOf } from "./store.ts"

/**
 * Requests previews after a message is sent. An edit removes the previews of removed links and requests previews only
 * for added links.
 */
export function previewsHooks(previews: PreviewFetcher, isOn: boolean): MessageHooks {
  return {
    actions: [
      {
        label: "Remove previews",
        path: "previews",
        kind: "panel",
        order: 410,
        when: ({ message, standing }) =>
          can(standing, "removePreviews") && message.extras?.previews !== undefined,
      },
    ],

    beforeCreate(changes, { id, content, standing }) {
      if (isOn && mayHaveLinks(content) && mayEmbed(standing)) changes.afterCommit(() => previews.request(id))
      return undefined
    },

    async onEdit(changes, before, content) {
      const previous = before.extras?.previews ?? []
      if (previous.length === 0 && !mayHaveLinks(content)) return undefined

      const links = linksIn(content)
      const previousLinks = new Set(linksIn(before.content))
      const added = links.filter((url) => !previousLinks.has(url))
      if (isOn && added.length > 0 && mayEmbed(before.standing))
        changes.afterCommit(() => previews.request(before.id, added))
      const removed = previous.filter(({ url }) => !links.includes(url)).map(({ id }) => id)
      if (removed.length === 0) return undefined

      const keys = await deletePreviews(changes.tx, removed)
      changes.afterCommit(() => previews.deletePictures(keys))
      const remaining = previous.filter(({ url }) => links.includes(url))
      return { previews: remaining.length > 0 ? remaining : undefined }
    },

    async onDelete(changes, before) {
      if (!mayHaveLinks(before.content)) return undefined

      const keys = await deletePreviewsOf(changes.tx, before.id)
      changes.afterDeletion(() => previews.deletePictures(keys))
      return undefined
    },
  }
}

/** Without the permission links are text. What the chat sends by itself has none. */
function mayEmbed(standing: Standing | undefined): boolean {
  return standing !== undefined && can(standing, "embedLinks")
}
