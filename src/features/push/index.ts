import type { FeatureOf } from "../feature.ts"
import { pushCleanup } from "./cleanup.ts"
import { PushDevice } from "./contract.ts"
import { pushHandlers } from "./handlers.ts"
import { pushDeviceLimit } from "./limits.ts"
import { pushRoutes } from "./routes.tsx"
import { pushSender } from "./sender.ts"

/** Web Push: notices on devices where no page is open. */
export const pushFeature: FeatureOf<"push"> = {
  handlers: pushHandlers,
  routes: [pushRoutes],
  workers: [pushSender, pushCleanup],
  limits: [pushDeviceLimit],
  docs: () =>
    import("./docs.ts").then(({ pushDocs }) => ({
      title: "Push",
      order: 62,
      procedures: pushDocs,
      schemas: { PushDevice },
    })),
}
