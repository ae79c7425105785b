import type { FeatureOf } from "../feature.ts"
import { blocksDocs } from "./docs.ts"
import { blocksHandlers } from "./handlers.ts"
import { blocksRoutes } from "./routes.tsx"

/** Blocking people. */
export const blocksFeature: FeatureOf<"blocks"> = {
  handlers: blocksHandlers,
  routes: [blocksRoutes],
  docs: { title: "Blocking", order: 210, procedures: blocksDocs },
}
