import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Category } from "./contract.ts"
import { categoriesHandlers } from "./handlers.ts"
import { categoriesRoutes } from "./routes.tsx"

/** Groups of a server's channels, and the order of both. */
export const categoriesFeature: FeatureOf<"categories"> = {
  handlers: categoriesHandlers,
  routes: [categoriesRoutes],
  settingsSections: [
    {
      name: "channels",
      title: "Channels",
      order: 40,
      ...{ group: "Server", about: "Channels and categories, their order and permissions" },
      mayOpen: (standing) => can(standing, "manageChannels"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ categoriesDocs }) => ({
      title: "Categories",
      order: 72,
      procedures: categoriesDocs,
      schemas: { Category },
    })),
}
