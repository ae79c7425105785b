import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Transfer } from "./contract.ts"
import { transfersHandlers } from "./handlers.ts"
import { transfersRoutes } from "./routes.tsx"

/** Handing a server over to another owner, who accepts it. */
export const transfersFeature: FeatureOf<"transfers"> = {
  handlers: transfersHandlers,
  routes: [transfersRoutes],
  settingsSections: [
    {
      name: "transfer",
      title: "Ownership",
      order: 115,
      ...{ group: "Ownership", about: "Handing the server to another member" },
      mayOpen: (standing) => can(standing, "transferServer"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ transfersDocs }) => ({
      title: "Transfers of servers",
      order: 32,
      procedures: transfersDocs,
      schemas: { Transfer },
    })),
}
