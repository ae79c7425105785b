import type { FeatureOf } from "../feature.ts"
import { accessTrimmer } from "./access-trimmer.ts"
import { accessWatcher } from "./access-watcher.ts"
import { Session } from "./contract.ts"
import { sessionsHandlers } from "./handlers.ts"
import { sessionsRoutes } from "./routes.tsx"

/** The list of a user's sessions, and ending them. */
export const sessionsFeature: FeatureOf<"sessions"> = {
  handlers: sessionsHandlers,
  routes: [sessionsRoutes],
  workers: [accessTrimmer, accessWatcher],
  docs: () =>
    import("./docs.ts").then(({ sessionsDocs }) => ({
      title: "Sessions",
      order: 20,
      procedures: sessionsDocs,
      schemas: { Session },
    })),
}
