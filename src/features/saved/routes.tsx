import { Elysia } from "elysia"
import { ActionFailedPanel } from "../../../views/message-actions.tsx"
import { SavedMessages } from "../../../views/saved.tsx"
import { doneAt, goTo, wantsFragment } from "../../web/reply.ts"
import { panel } from "../forms.tsx"
import { inboxPanel } from "../inbox/panel.tsx"
import { requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, type OfMessage, orThrow, requireViewer, type Visit } from "../visit.ts"
import { savedPageSize } from "./contract.ts"

/** The viewer's saved messages. */
export function savedRoutes(services: Services) {
  return new Elysia()
    .get("/saved", (visit) => list(services, visit))
    .post("/messages/:messageId/save", (visit) => change(services, visit, "saveMessage"))
    .post("/messages/:messageId/unsave", (visit) => change(services, visit, "unsaveMessage"))
}

async function list(services: Services, visit: Visit): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const before = new URL(visit.request.url).searchParams.get("before") ?? undefined
  const saved = orThrow(await act(services, visit, "getSavedMessages", { before }))
  const last = saved.length === savedPageSize ? saved.at(-1)?.message.id : undefined
  const isInPage = !wantsFragment(visit.request)
  const content = <SavedMessages saved={saved} clock={viewer.clock} older={last} isInPage={isInPage} />
  return inboxPanel(services, visit, { viewer, title: "Saved messages", tab: "saved", content })
}

async function change(
  services: Services,
  visit: OfMessage,
  name: "saveMessage" | "unsaveMessage",
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { message } = await requireMessage(services, viewer, visit.params.messageId)
  const { success, error } = await act(services, visit, name, { messageId: message.id })
  if (!success) {
    const markup = <ActionFailedPanel title="Saved messages" error={error.message} />
    return panel(visit, viewer, { title: "Saved messages", markup, error })
  }

  const isFromList = new URL(visit.request.url).searchParams.get("from") === "saved"
  if (!isFromList) return doneAt(visit.request, `/messages/${message.id}`)

  return wantsFragment(visit.request) ? list(services, visit) : goTo(visit.request, "/saved")
}
