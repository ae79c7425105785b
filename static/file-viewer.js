import { byId, find } from "./elements.js"
import { loadLater } from "./later.js"

/** Loads what the viewer of files needs when one is first shown in the dialog: `static/viewer.js`. */
export function startFileViewer() {
  const body = byId("dialog-body")
  document.addEventListener("htmx:after:swap", async ({ detail }) => {
    if (detail.ctx?.target !== body || !find(body, ".viewer")) return

    // Without a connection the viewer is without zoom.
    const viewer = await loadLater("viewer.js", () => import("./viewer.js")).catch(() => null)
    viewer?.openViewer()
  })
}
