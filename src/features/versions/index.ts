import type { FeatureOf } from "../feature.ts"
import { MessageVersion } from "./contract.ts"
import { versionsHandlers } from "./handlers.ts"
import { versionsHooks } from "./hooks.ts"
import { versionsRoutes } from "./routes.tsx"

/** Earlier versions of edited messages. */
export const versionsFeature: FeatureOf<"versions"> = {
  handlers: versionsHandlers,
  routes: [versionsRoutes],
  hooks: versionsHooks,
  docs: () =>
    import("./docs.ts").then(({ versionsDocs }) => ({
      title: "Edits",
      order: 180,
      procedures: versionsDocs,
      schemas: { MessageVersion },
    })),
}
