import { Elysia } from "elysia"
import { ReactionPickerPanel, ReactionsPanel } from "../../../views/reactions.tsx"
import { doneAt } from "../../web/reply.ts"
import { searchEmoji } from "../emoji/search.ts"
import { field, type formState, panel } from "../forms.tsx"
import { type OfMessage, requireMessage } from "../messages/page.ts"
import { act, type Reader, type Site, shown, Unshown } from "../site.ts"
import { maxReactors } from "./contract.ts"
import { hasReacted, listFrequent } from "./store.ts"

/** Emoji that are offered before all others. */
const maxFrequent = 8

/** Choosing an emoji for a message, taking it back, and who chose which. */
export function reactionsRoutes(site: Site) {
  return new Elysia()
    .get("/messages/:messageId/react", async (visit) => {
      const { viewer, message } = await requireMessage(site, visit)
      if (message.deletedAt) throw new Unshown(410, "This message was deleted")

      return picker(site, visit, viewer, {})
    })
    .post("/messages/:messageId/reactions", async (visit) => {
      const { viewer, message } = await requireMessage(site, visit)
      const chosen = { messageId: message.id, emoji: field(visit.body, "emoji") }
      const has = await hasReacted(site.db, { ...chosen, userId: viewer.id })
      const { success, error } = await act(site, visit, has ? "removeReaction" : "addReaction", chosen)
      if (success) return doneAt(visit.request, `/messages/${message.id}`)

      return picker(site, visit, viewer, { error })
    })
    .get("/messages/:messageId/reactions", async (visit) => {
      const { viewer, message } = await requireMessage(site, visit)
      const { emoji, after } = visit.query
      const all = message.extras?.reactions ?? []
      const asked = emoji === undefined ? all : all.filter((one) => one.emoji === emoji)
      const listed = asked.map(async ({ emoji, count }) => {
        const page = { messageId: message.id, emoji, after, limit: maxReactors }
        const { people } = shown(await act(site, visit, "getReactions", page))
        return { emoji, count, people, hasMore: people.length === maxReactors && count > maxReactors }
      })
      const markup = <ReactionsPanel messageId={message.id} reactions={await Promise.all(listed)} />
      return panel(visit, viewer, { title: "Reactions", markup })
    })
}

type Failure = Parameters<typeof formState>[0]

async function picker(
  site: Site,
  visit: OfMessage,
  viewer: Reader,
  { error }: { error?: Failure },
): Promise<Response> {
  const query = new URL(visit.request.url).searchParams.get("q") ?? ""
  const markup = (
    <ReactionPickerPanel
      messageId={visit.params.messageId}
      query={query}
      frequent={query === "" ? await listFrequent(site.db, viewer.id, maxFrequent) : []}
      found={await searchEmoji(query)}
      error={error?.issues?.[0]?.message ?? error?.message}
    />
  )
  return panel(visit, viewer, { title: "Add reaction", markup, error })
}
