import { Elysia } from "elysia"
import { EmojiFound } from "../../../views/emoji.tsx"
import { html } from "../../web/reply.ts"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"
import { searchEmoji } from "./search.ts"

/** Finding emoji, as a part of a page: for the form that chooses one. */
export function emojiRoutes(services: Services) {
  return new Elysia().get("/emoji", async (visit) => {
    await requireViewer(services, visit)
    const { q } = visit.query
    const found = await searchEmoji(typeof q === "string" ? q : "")
    return html(visit.request, String(<EmojiFound found={found} />))
  })
}
