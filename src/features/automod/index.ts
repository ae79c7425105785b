import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { AutomodHit, AutomodRule } from "./contract.ts"
import { automodHandlers } from "./handlers.ts"
import { repeatLimits } from "./limits.ts"
import { automodHooks } from "./message-check.ts"
import { automodRoutes } from "./routes.tsx"

/** Rules that check messages before anyone sees them. */
export const automodFeature: FeatureOf<"automod"> = {
  handlers: automodHandlers,
  hooks: automodHooks,
  routes: [automodRoutes],
  settingsSections: [
    {
      name: "automod",
      title: "Automod",
      order: 60,
      ...{ group: "Moderation", about: "Rules that check messages before they appear" },
      mayOpen: (standing) => can(standing, "manageServer"),
    },
  ],
  limits: repeatLimits,
  docs: () =>
    import("./docs.ts").then(({ automodDocs }) => ({
      title: "Automod",
      order: 65,
      procedures: automodDocs,
      schemas: { AutomodRule, AutomodHit },
    })),
}
