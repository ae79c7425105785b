import { Elysia } from "elysia"
import { MessageHistoryPanel } from "../../../views/versions.tsx"
import { panel } from "../forms.tsx"
import { requireMessage } from "../messages/page.ts"
import type { Services } from "../services.ts"
import { act, orThrow } from "../visit.ts"

/** What a message said before its edits. */
export function versionsRoutes(services: Services) {
  return new Elysia().get("/messages/:messageId/history", async (visit) => {
    const { viewer, message } = await requireMessage(services, visit)
    const { versions } = orThrow(await act(services, visit, "getMessageHistory", { messageId: message.id }))
    const markup = <MessageHistoryPanel versions={versions} />
    return panel(visit, viewer, { title: "Edit history", markup })
  })
}
