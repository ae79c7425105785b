import { Elysia } from "elysia"
import { KeyboardPanel } from "../../../views/keyboard.tsx"
import { panel } from "../forms.tsx"
import { requireViewer, type Site } from "../site.ts"

/** The help sheet of keys. */
export function keyboardRoutes(site: Site) {
  return new Elysia().get("/keyboard", async (visit) => {
    const viewer = await requireViewer(site, visit)
    return panel(visit, viewer, { title: "Keyboard shortcuts", markup: <KeyboardPanel /> })
  })
}
