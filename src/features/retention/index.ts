import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { ChannelRetention, RetentionPreview, ServerRetention } from "./contract.ts"
import { retentionDuty } from "./duty.ts"
import { retentionHandlers } from "./handlers.ts"
import { retentionRoutes } from "./routes.tsx"

/** How long servers and channels keep messages and files. */
export const retentionFeature: FeatureOf<"retention"> = {
  handlers: retentionHandlers,
  routes: [retentionRoutes],
  workers: [retentionDuty],
  settingsSections: [
    {
      name: "retention",
      title: "Retention",
      order: 45,
      ...{ group: "Server", about: "How long messages and files are kept" },
      mayOpen: (standing) => can(standing, "manageServer"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ retentionDocs }) => ({
      ...{ title: "Retention", order: 57, procedures: retentionDocs },
      schemas: { ServerRetention, ChannelRetention, RetentionPreview },
    })),
}
