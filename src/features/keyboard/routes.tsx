import { Elysia } from "elysia"
import { KeyboardPanel } from "../../../views/keyboard.tsx"
import { panel } from "../forms.tsx"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"

/** The list of keyboard shortcuts. */
export function keyboardRoutes(services: Services) {
  return new Elysia().get("/keyboard", async (visit) => {
    const viewer = await requireViewer(services, visit)
    return panel(visit, viewer, { title: "Keyboard shortcuts", markup: <KeyboardPanel /> })
  })
}
