import type { FeatureOf } from "../feature.ts"
import { PermissionOverwrite } from "./contract.ts"
import { overwritesHandlers } from "./handlers.ts"
import { overwritesRoutes } from "./routes.tsx"

/** What channels and categories allow and deny, other than the server. */
export const overwritesFeature: FeatureOf<"overwrites"> = {
  handlers: overwritesHandlers,
  routes: [overwritesRoutes],
  docs: () =>
    import("./docs.ts").then(({ overwritesDocs }) => ({
      title: "Permissions of channels",
      order: 72,
      procedures: overwritesDocs,
      schemas: { PermissionOverwrite },
    })),
}
