import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Server } from "./contract.ts"
import { serversHandlers } from "./handlers.ts"
import { serversRoutes } from "./routes.tsx"

/** Servers: the communities people are members of. */
export const serversFeature: FeatureOf<"servers"> = {
  handlers: serversHandlers,
  routes: [serversRoutes],
  settingsSections: [
    {
      name: "overview",
      title: "Overview",
      order: 10,
      ...{ group: "Server", about: "Name, description and pictures" },
      mayOpen: (standing) => can(standing, "read"),
    },
    {
      name: "danger",
      title: "Leave or delete",
      order: 120,
      ...{ group: "Ownership", about: "Leave it yourself, or delete it for everyone" },
      mayOpen: (standing) => can(standing, "read"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ serversDocs }) => ({
      title: "Servers",
      order: 30,
      procedures: serversDocs,
      schemas: { Server },
    })),
}
