import { Elysia } from "elysia"
import { ActionFailedPanel } from "../../../views/actions.tsx"
import { SavedPanel } from "../../../views/saved.tsx"
import { doneAt, goTo, wantsFragment } from "../../web/reply.ts"
import { panel } from "../forms.tsx"
import { type OfMessage, requireMessage } from "../messages/page.ts"
import { act, requireViewer, type Site, shown, type Visit } from "../site.ts"
import { savedPageSize } from "./contract.ts"

/** What someone keeps for themselves. */
export function savedRoutes(site: Site) {
  return new Elysia()
    .get("/saved", (visit) => list(site, visit))
    .post("/messages/:messageId/save", (visit) => change(site, visit, "saveMessage"))
    .post("/messages/:messageId/unsave", (visit) => change(site, visit, "unsaveMessage"))
}

async function list(site: Site, visit: Visit): Promise<Response> {
  const viewer = await requireViewer(site, visit)
  const before = new URL(visit.request.url).searchParams.get("before") ?? undefined
  const saved = shown(await act(site, visit, "getSavedMessages", { before }))
  const last = saved.length === savedPageSize ? saved.at(-1)?.message.id : undefined
  return panel(visit, viewer, { title: "Saved messages", markup: <SavedPanel saved={saved} older={last} /> })
}

async function change(
  site: Site,
  visit: OfMessage,
  name: "saveMessage" | "unsaveMessage",
): Promise<Response> {
  const { viewer, message } = await requireMessage(site, visit)
  const { success, error } = await act(site, visit, name, { messageId: message.id })
  if (!success) {
    const markup = <ActionFailedPanel title="Saved messages" error={error.message} />
    return panel(visit, viewer, { title: "Saved messages", markup, error })
  }

  const isFromList = new URL(visit.request.url).searchParams.get("from") === "saved"
  if (!isFromList) return doneAt(visit.request, `/messages/${message.id}`)

  return wantsFragment(visit.request) ? list(site, visit) : goTo(visit.request, "/saved")
}
