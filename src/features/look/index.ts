import type { FeatureOf } from "../feature.ts"
import { lookHandlers } from "./handlers.ts"
import { lookRoutes } from "./routes.tsx"

/** How the instance presents itself: its name, icon, colour and texts. */
export const lookFeature: FeatureOf<"look"> = {
  handlers: lookHandlers,
  routes: [lookRoutes],
  docs: () =>
    import("./docs.ts").then(({ lookDocs }) => ({ title: "Appearance", order: 262, procedures: lookDocs })),
}
