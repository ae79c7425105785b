import type { FeatureOf } from "../feature.ts"
import { Ban } from "./contract.ts"
import { bansDocs } from "./docs.ts"
import { bansHandlers } from "./handlers.ts"
import { bansRoutes } from "./routes.tsx"

/** Bans of users from servers. */
export const bansFeature: FeatureOf<"bans"> = {
  handlers: bansHandlers,
  routes: [bansRoutes],
  docs: { title: "Bans", order: 50, procedures: bansDocs, schemas: { Ban } },
}
