import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Bot } from "./contract.ts"
import { botsHandlers } from "./handlers.ts"
import { botsRoutes } from "./routes.tsx"

/** Accounts for programs. */
export const botsFeature: FeatureOf<"bots"> = {
  handlers: botsHandlers,
  routes: [botsRoutes],
  settingsSections: [
    {
      name: "bots",
      title: "Bots",
      order: 115,
      ...{ group: "Programs", about: "Members that are programs" },
      mayOpen: (standing) => can(standing, "manageServer"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ botsDocs }) => ({
      title: "Bots",
      order: 160,
      procedures: botsDocs,
      schemas: { Bot },
    })),
}
