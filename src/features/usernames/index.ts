import type { FeatureOf } from "../feature.ts"
import { usernamesHandlers } from "./handlers.ts"
import { usernameLimit } from "./limits.ts"
import { usernamesRoutes } from "./routes.tsx"

/** Usernames and those that people had before. */
export const usernamesFeature: FeatureOf<"usernames"> = {
  handlers: usernamesHandlers,
  routes: [usernamesRoutes],
  limits: [usernameLimit],
  docs: () =>
    import("./docs.ts").then(({ usernamesDocs }) => ({
      title: "Usernames",
      order: 14,
      procedures: usernamesDocs,
    })),
}
