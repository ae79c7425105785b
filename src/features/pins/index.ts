import type { FeatureOf } from "../feature.ts"
import { pinsHandlers } from "./handlers.ts"
import { pinsHooks } from "./hooks.ts"
import { pinsRoutes } from "./routes.tsx"

/** A channel's pinned messages. */
export const pinsFeature: FeatureOf<"pins"> = {
  handlers: pinsHandlers,
  routes: [pinsRoutes],
  hooks: pinsHooks,
  docs: () =>
    import("./docs.ts").then(({ pinsDocs }) => ({ title: "Pins", order: 110, procedures: pinsDocs })),
}
