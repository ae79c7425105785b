import { Elysia } from "elysia"
import { RemovePreviewsPanel } from "../../../views/previews.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { doneAt } from "../../web/reply.ts"
import { serveFile } from "../files/serve.ts"
import { panel } from "../forms.tsx"
import { requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, type OfMessage, requireViewer } from "../visit.ts"
import { findReadablePreview } from "./store.ts"

/** The pictures of link previews, and the panel that removes previews. */
export function previewsRoutes(services: Services) {
  return new Elysia()
    .get("/previews/:previewId/image", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const preview = await findReadablePreview(services.db, viewer.id, visit.params.previewId)
      const stored = preview?.imageKey ? await services.storage.get(preview.imageKey) : undefined
      if (!preview || !stored) throw new Refusal("There is no such picture", 404)

      const etag = `"${preview.id}"`
      return serveFile(visit.request, { stored, type: "image/webp", name: "preview.webp", etag })
    })
    .get("/messages/:messageId/previews", (visit) => previewsPanel(services, visit))
    .post("/messages/:messageId/previews/:previewId/remove", async (visit) => {
      const { messageId, previewId } = visit.params
      const { success, error } = await act(services, visit, "removePreview", { messageId, previewId })
      return success ? doneAt(visit.request, `/messages/${messageId}`) : previewsPanel(services, visit, error)
    })
}

async function previewsPanel(
  services: Services,
  visit: OfMessage,
  error?: ProcedureError,
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { message } = await requireMessage(services, viewer, visit.params.messageId, "removePreviews")

  const markup = <RemovePreviewsPanel message={message} error={error?.message} />
  return panel(visit, viewer, { title: "Remove previews", markup, error })
}
