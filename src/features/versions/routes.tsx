import { Elysia } from "elysia"
import { MessageHistoryPanel } from "../../../views/versions.tsx"
import { panel } from "../forms.tsx"
import { requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer } from "../visit.ts"

/** The edit history of a message. */
export function versionsRoutes(services: Services) {
  return new Elysia().get("/messages/:messageId/history", async (visit) => {
    const viewer = await requireViewer(services, visit)
    const { message } = await requireMessage(services, viewer, visit.params.messageId)
    const { versions } = orThrow(await act(services, visit, "getMessageHistory", { messageId: message.id }))
    const markup = <MessageHistoryPanel versions={versions} clock={viewer.clock} />
    return panel(visit, viewer, { title: "Edit history", markup })
  })
}
