import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { bulkBanRoutes } from "./bulk-routes.tsx"
import { Ban } from "./contract.ts"
import { bansHandlers } from "./handlers.ts"
import { namesLimit } from "./limits.ts"
import { bansRoutes } from "./routes.tsx"

/** Bans of users from servers. */
export const bansFeature: FeatureOf<"bans"> = {
  handlers: bansHandlers,
  routes: [bansRoutes, bulkBanRoutes],
  limits: [namesLimit],
  settingsSections: [
    {
      name: "bans",
      title: "Bans",
      order: 55,
      ...{ group: "Moderation", about: "People who cannot join again" },
      mayOpen: (standing) => can(standing, "banMembers"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ bansDocs }) => ({
      title: "Bans",
      order: 50,
      procedures: bansDocs,
      schemas: { Ban },
    })),
}
