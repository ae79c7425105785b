import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { FrozenMessage, OwnReport, Report } from "./contract.ts"
import { reportsHandlers } from "./handlers.ts"
import { reportsHooks } from "./hooks.ts"
import { reportLimit } from "./limits.ts"
import { reportsRoutes } from "./routes.tsx"

/** Messages that members report to the moderators of a server. */
export const reportsFeature: FeatureOf<"reports"> = {
  handlers: reportsHandlers,
  routes: [reportsRoutes],
  hooks: reportsHooks,
  settingsSections: [
    {
      name: "reports",
      title: "Reports",
      order: 70,
      ...{ group: "Moderation", about: "Messages that members reported" },
      mayOpen: (standing) => can(standing, "manageMessages"),
    },
  ],
  limits: [reportLimit],
  docs: () =>
    import("./docs.ts").then(({ reportsDocs }) => ({
      title: "Reports",
      order: 66,
      procedures: reportsDocs,
      schemas: { Report, OwnReport, FrozenMessage },
    })),
}
