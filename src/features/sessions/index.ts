import type { FeatureOf } from "../feature.ts"
import { Session } from "./contract.ts"
import { sessionsDocs } from "./docs.ts"
import { sessionsHandlers } from "./handlers.ts"
import { sessionsRoutes } from "./routes.tsx"

/** Where someone is signed in, and signing out there. */
export const sessionsFeature: FeatureOf<"sessions"> = {
  handlers: sessionsHandlers,
  routes: [sessionsRoutes],
  docs: { title: "Sessions", order: 20, procedures: sessionsDocs, schemas: { Session } },
}
