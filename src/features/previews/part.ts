import type { MessagePart } from "../messages/parts.ts"
import { linksIn, mayHaveLinks } from "./links.ts"
import type { Previews } from "./previews.ts"
import { deletePreviews, deletePreviewsOf } from "./store.ts"

/**
 * Previews of links. They come after their message; an edit takes those away whose links are gone, and asks only for
 * links that it brings.
 */
export function previewsPart(previews: Previews, isOn: boolean): MessagePart {
  return {
    sent(_, { id, content }) {
      if (isOn && mayHaveLinks(content)) previews.ask(id)
    },

    edited(db, before, content) {
      const shown = before.extras?.previews ?? []
      if (shown.length === 0 && !mayHaveLinks(content)) return undefined

      const links = linksIn(content)
      const old = new Set(linksIn(before.content))
      const added = links.filter((url) => !old.has(url))
      if (isOn && added.length > 0) previews.ask(before.id, added)
      const gone = shown.filter(({ url }) => !links.includes(url))
      if (gone.length === 0) return undefined

      previews.drop(
        deletePreviews(
          db,
          gone.map(({ id }) => id),
        ),
      )
      const kept = shown.filter(({ url }) => links.includes(url))
      return { previews: kept.length > 0 ? kept : undefined }
    },

    deleted(db, before) {
      if (mayHaveLinks(before.content)) previews.drop(deletePreviewsOf(db, before.id))
    },
  }
}
