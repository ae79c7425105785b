import type { FeatureOf } from "../feature.ts"
import { Settings } from "./contract.ts"
import { settingsHandlers } from "./handlers.ts"
import { settingsRoutes } from "./routes.tsx"

/** A user's preferences for pages. */
export const settingsFeature: FeatureOf<"settings"> = {
  handlers: settingsHandlers,
  routes: [settingsRoutes],
  docs: () =>
    import("./docs.ts").then(({ settingsDocs }) => ({
      title: "Settings",
      order: 220,
      procedures: settingsDocs,
      schemas: { Settings },
    })),
}
