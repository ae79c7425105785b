import { Elysia } from "elysia"
import { ReactionPickerPanel, ReactionsPanel } from "../../../views/reactions.tsx"
import { doneAt } from "../../web/reply.ts"
import { emojiByCategory, searchEmoji } from "../emoji/search.ts"
import { field, type formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { assertNotDeleted, requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, type OfMessage, orThrow, refusalOf, requireViewer, type SignedInViewer } from "../visit.ts"
import { maxReactors } from "./contract.ts"
import { listFrequent } from "./store.ts"

/** Most frequent emoji in the picker. */
const maxFrequent = 8

/** The emoji picker of a message, toggling a reaction, and the list of reactors. */
export function reactionsRoutes(services: Services) {
  return new Elysia()
    .get("/messages/:messageId/react", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { message } = await requireMessage(services, viewer, visit.params.messageId)
      assertNotDeleted(message)

      return picker(services, visit, viewer, {})
    })
    .post("/messages/:messageId/reactions", async (visit) => {
      const { messageId } = visit.params
      const emoji = field(visit.body, "emoji")
      const { success, error } = await act(services, visit, "toggleReaction", { messageId, emoji })
      if (success) return doneAt(visit.request, `/messages/${messageId}`)
      if (error.code === 404) throw refusalOf(error)

      return picker(services, visit, await requireViewer(services, visit), { error })
    })
    .get("/messages/:messageId/reactions", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { message } = await requireMessage(services, viewer, visit.params.messageId, "readHistory")
      const { emoji, after } = visit.query
      const all = message.extras?.reactions ?? []
      const asked = emoji === undefined ? all : all.filter((one) => one.emoji === emoji)
      const listed = asked.map(async ({ emoji, count }) => {
        const page = { messageId: message.id, emoji, after, limit: maxReactors }
        const { people } = orThrow(await act(services, visit, "getReactions", page))
        return { emoji, count, people, hasMore: people.length === maxReactors && count > maxReactors }
      })
      const markup = <ReactionsPanel messageId={message.id} reactions={await Promise.all(listed)} />
      return panel(visit, viewer, { title: "Reactions", markup })
    })
}

type Failure = Parameters<typeof formState>[0]

async function picker(
  services: Services,
  visit: OfMessage,
  viewer: SignedInViewer,
  { error }: { error?: Failure },
): Promise<Response> {
  const query = new URL(visit.request.url).searchParams.get("q") ?? ""
  const markup = (
    <ReactionPickerPanel
      messageId={visit.params.messageId}
      query={query}
      frequent={query === "" ? await listFrequent(services.db, viewer.id, maxFrequent) : []}
      found={await searchEmoji(query)}
      categories={query === "" ? [...(await emojiByCategory())] : []}
      error={error?.issues?.[0]?.message ?? error?.message}
    />
  )
  return panel(visit, viewer, { title: "Add reaction", markup, error })
}
