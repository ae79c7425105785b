import { Elysia } from "elysia"
import { EmojiFound } from "../../../views/emoji.tsx"
import { html } from "../../web/reply.ts"
import { requireViewer, type Site } from "../site.ts"
import { searchEmoji } from "./search.ts"

/** Finding emoji, as a part of a page: for the form that chooses one. */
export function emojiRoutes(site: Site) {
  return new Elysia().get("/emoji", async (visit) => {
    await requireViewer(site, visit)
    const { q } = visit.query
    const found = await searchEmoji(typeof q === "string" ? q : "")
    return html(visit.request, String(<EmojiFound found={found} />))
  })
}
