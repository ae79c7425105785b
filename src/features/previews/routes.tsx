import { Elysia } from "elysia"
import { RemovePreviewsPanel } from "../../../views/previews.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { doneAt } from "../../web/reply.ts"
import { serveFile } from "../files/serve.ts"
import { panel } from "../forms.tsx"
import { type OfMessage, requireMessage } from "../messages/page.ts"
import { act, requireViewer, type Site, Unshown } from "../site.ts"
import { findPreviewSeenBy } from "./store.ts"

/** The pictures of linked pages, through us, and showing a message without them. */
export function previewsRoutes(site: Site) {
  return new Elysia()
    .get("/previews/:previewId/image", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const preview = await findPreviewSeenBy(site.db, viewer.id, visit.params.previewId)
      const stored = preview?.imageKey ? await site.storage.get(preview.imageKey) : undefined
      if (!preview || !stored) throw new Unshown(404, "There is no such picture")

      const etag = `"${preview.id}"`
      return serveFile(visit.request, { stored, type: "image/webp", name: "preview.webp", etag })
    })
    .get("/messages/:messageId/previews", (visit) => previews(visit))
    .post("/messages/:messageId/previews/:previewId/remove", async (visit) => {
      const { messageId, previewId } = visit.params
      const { success, error } = await act(site, visit, "removePreview", { messageId, previewId })
      return success ? doneAt(visit.request, `/messages/${messageId}`) : previews(visit, error)
    })

  async function previews(visit: OfMessage, error?: ProcedureError): Promise<Response> {
    const { viewer, message, isAuthor, isOwner } = await requireMessage(site, visit)
    if (!isAuthor && !isOwner) throw new Unshown(403, "You may remove previews only from your own messages")

    const markup = <RemovePreviewsPanel message={message} error={error?.message} />
    return panel(visit, viewer, { title: "Remove previews", markup, error })
  }
}
