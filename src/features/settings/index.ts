import type { FeatureOf } from "../feature.ts"
import { Settings } from "./contract.ts"
import { settingsDocs } from "./docs.ts"
import { settingsHandlers } from "./handlers.ts"
import { settingsRoutes } from "./routes.tsx"

/** A user's preferences for pages. */
export const settingsFeature: FeatureOf<"settings"> = {
  handlers: settingsHandlers,
  routes: [settingsRoutes],
  docs: { title: "Settings", order: 220, procedures: settingsDocs, schemas: { Settings } },
}
