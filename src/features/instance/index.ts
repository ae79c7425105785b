import type { FeatureOf } from "../feature.ts"
import { Instance } from "./contract.ts"
import { instanceHandlers } from "./handlers.ts"
import { instanceRoutes } from "./routes.tsx"

/** The instance itself: setting it up, who may sign up, and one-time addresses. */
export const instanceFeature: FeatureOf<"instance"> = {
  handlers: instanceHandlers,
  routes: [instanceRoutes],
  docs: () =>
    import("./docs.ts").then(({ instanceDocs }) => ({
      title: "Instance",
      order: 15,
      procedures: instanceDocs,
      schemas: { Instance },
    })),
}
