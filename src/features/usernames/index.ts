import type { FeatureOf } from "../feature.ts"
import { usernamesDocs } from "./docs.ts"
import { usernamesHandlers } from "./handlers.ts"
import { usernameLimit } from "./limits.ts"
import { usernamesRoutes } from "./routes.tsx"

/** Usernames and those that people had before. */
export const usernamesFeature: FeatureOf<"usernames"> = {
  handlers: usernamesHandlers,
  routes: [usernamesRoutes],
  limits: [usernameLimit],
  docs: { title: "Usernames", order: 14, procedures: usernamesDocs },
}
