import type { FeatureOf } from "../feature.ts"
import { Instance } from "./contract.ts"
import { instanceDocs } from "./docs.ts"
import { instanceHandlers } from "./handlers.ts"
import { instanceRoutes } from "./routes.tsx"

/** The instance itself: setting it up, who may sign up, and one-time addresses. */
export const instanceFeature: FeatureOf<"instance"> = {
  handlers: instanceHandlers,
  routes: [instanceRoutes],
  docs: { title: "Instance", order: 15, procedures: instanceDocs, schemas: { Instance } },
}
