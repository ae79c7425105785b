import { Elysia } from "elysia"
import { EmojiFound, EmojiPicker } from "../../../views/emoji.tsx"
import { html } from "../../web/reply.ts"
import { panel } from "../forms.tsx"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"
import { emojiByCategory, searchEmoji } from "./search.ts"

/** Finding emoji, as a part of a page: for the form that chooses one. And the picker of the composer. */
export function emojiRoutes(services: Services) {
  return new Elysia()
    .get("/emoji", async (visit) => {
      await requireViewer(services, visit)
      const found = await searchEmoji(queryOf(visit.query))
      return html(visit.request, String(<EmojiFound found={found} />))
    })
    .get("/emoji/picker", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const query = queryOf(visit.query)
      const markup = (
        <EmojiPicker
          title="Emoji"
          action="/emoji/picker"
          query={query}
          found={await searchEmoji(query)}
          categories={query === "" ? [...(await emojiByCategory())] : []}
          form={{ id: "emoji-to-write" }}
        />
      )
      return panel(visit, viewer, { title: "Emoji", markup })
    })
}

function queryOf({ q }: { q?: unknown }): string {
  return typeof q === "string" ? q.trim() : ""
}
