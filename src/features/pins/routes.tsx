import { Elysia } from "elysia"
import { ActionFailedPanel } from "../../../views/message-actions.tsx"
import { PinsPanel } from "../../../views/pins.tsx"
import { doneAt } from "../../web/reply.ts"
import { panel } from "../forms.tsx"
import { can } from "../permissions/can.ts"
import { requireChannel, requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, type OfMessage, orThrow, requireViewer } from "../visit.ts"

/** A channel's pinned messages, and pinning and unpinning. */
export function pinsRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/pins", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel, standing } = await requireChannel(services, viewer, visit.params, "readHistory")
      const messages = orThrow(await act(services, visit, "getPins", { channelId: channel.id }))
      const markup = <PinsPanel messages={messages} mayUnpin={can(standing, "pin")} clock={viewer.clock} />
      return panel(visit, viewer, { title: "Pinned messages", markup })
    })
    .post("/messages/:messageId/pin", (visit) => change(services, visit, "pinMessage"))
    .post("/messages/:messageId/unpin", (visit) => change(services, visit, "unpinMessage"))
}

async function change(
  services: Services,
  visit: OfMessage,
  name: "pinMessage" | "unpinMessage",
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { message } = await requireMessage(services, viewer, visit.params.messageId)
  const { success, error } = await act(services, visit, name, { messageId: message.id })
  if (success) return doneAt(visit.request, `/messages/${message.id}`)

  const title = name === "pinMessage" ? "Pin message" : "Unpin message"
  return panel(visit, viewer, {
    title,
    markup: <ActionFailedPanel title={title} error={error.message} />,
    error,
  })
}
