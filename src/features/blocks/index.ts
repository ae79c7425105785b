import type { FeatureOf } from "../feature.ts"
import { blocksHandlers } from "./handlers.ts"
import { blocksRoutes } from "./routes.tsx"

/** Blocks between users. */
export const blocksFeature: FeatureOf<"blocks"> = {
  handlers: blocksHandlers,
  routes: [blocksRoutes],
  docs: () =>
    import("./docs.ts").then(({ blocksDocs }) => ({ title: "Blocking", order: 210, procedures: blocksDocs })),
}
