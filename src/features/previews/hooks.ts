import type { MessageHooks } from "../messages/hooks.ts"
import { can } from "../permissions/can.ts"
import { linksIn, mayHaveLinks } from "./links.ts"
import type { PreviewFetcher } from "./previews.ts"
import { deletePreviews, deletePreviewsOf } from "./store.ts"

/**
 * Previews of links. They are fetched after their message was sent. An edit removes those whose links are gone, and
 * fetches only those of links that it adds.
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

    afterCreate(changes, { id, content }) {
      if (isOn && mayHaveLinks(content)) changes.afterCommit(() => previews.ask(id))
    },

    onEdit(changes, before, content) {
      const shown = before.extras?.previews ?? []
      if (shown.length === 0 && !mayHaveLinks(content)) return undefined

      const links = linksIn(content)
      const old = new Set(linksIn(before.content))
      const added = links.filter((url) => !old.has(url))
      if (isOn && added.length > 0) changes.afterCommit(() => previews.ask(before.id, added))
      const gone = shown.filter(({ url }) => !links.includes(url)).map(({ id }) => id)
      if (gone.length === 0) return undefined

      const keys = deletePreviews(changes.tx, gone)
      changes.afterCommit(() => previews.drop(keys))
      const left = shown.filter(({ url }) => links.includes(url))
      return { previews: left.length > 0 ? left : undefined }
    },

    onDelete(changes, before) {
      if (!mayHaveLinks(before.content)) return undefined

      const keys = deletePreviewsOf(changes.tx, before.id)
      changes.afterCommit(() => previews.drop(keys))
      return undefined
    },
  }
}
