import { Elysia } from "elysia"
import { MessageHistoryPanel } from "../../../views/versions.tsx"
import { panel } from "../forms.tsx"
import { requireMessage } from "../messages/page.ts"
import { act, type Site, shown } from "../site.ts"

/** What a message said before its edits. */
export function versionsRoutes(site: Site) {
  return new Elysia().get("/messages/:messageId/history", async (visit) => {
    const { viewer, message } = await requireMessage(site, visit)
    const { versions } = shown(await act(site, visit, "getMessageHistory", { messageId: message.id }))
    const markup = <MessageHistoryPanel versions={versions} />
    return panel(visit, viewer, { title: "Edit history", markup })
  })
}
