import { Elysia } from "elysia"
import { ActionFailedPanel } from "../../../views/actions.tsx"
import { PinsPanel } from "../../../views/pins.tsx"
import { doneAt } from "../../web/reply.ts"
import { requireRoom } from "../channels/page.ts"
import { panel } from "../forms.tsx"
import { type OfMessage, requireMessage } from "../messages/page.ts"
import { act, requireViewer, type Site, shown } from "../site.ts"

/** A channel's board, and what goes onto and off it. */
export function pinsRoutes(site: Site) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/pins", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const { id: channelId, ownerId, serverKind } = await requireRoom(site, viewer, visit.params)
      const messages = shown(await act(site, visit, "getPins", { channelId }))
      const mayUnpin = ownerId === viewer.id || serverKind === "direct"
      const markup = <PinsPanel messages={messages} mayUnpin={mayUnpin} />
      return panel(visit, viewer, { title: "Pinned messages", markup })
    })
    .post("/messages/:messageId/pin", (visit) => change(site, visit, "pinMessage"))
    .post("/messages/:messageId/unpin", (visit) => change(site, visit, "unpinMessage"))
}

async function change(site: Site, visit: OfMessage, name: "pinMessage" | "unpinMessage"): Promise<Response> {
  const { viewer, message } = await requireMessage(site, visit)
  const { success, error } = await act(site, visit, name, { messageId: message.id })
  if (success) return doneAt(visit.request, `/messages/${message.id}`)

  const title = name === "pinMessage" ? "Pin message" : "Unpin message"
  return panel(visit, viewer, {
    title,
    markup: <ActionFailedPanel title={title} error={error.message} />,
    error,
  })
}
