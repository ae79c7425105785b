import type { FeatureOf } from "../feature.ts"
import { Profile } from "./contract.ts"
import { statusExpiry } from "./expiry.ts"
import { profilesHandlers } from "./handlers.ts"
import { avatarLimit, profileLimit } from "./limits.ts"
import { profilesRoutes } from "./routes.tsx"

/** Names, pictures and what else people say about themselves. */
export const profilesFeature: FeatureOf<"profiles"> = {
  handlers: profilesHandlers,
  routes: [profilesRoutes],
  workers: [statusExpiry],
  limits: [profileLimit, avatarLimit],
  docs: () =>
    import("./docs.ts").then(({ profilesDocs }) => ({
      title: "Profiles",
      order: 235,
      procedures: profilesDocs,
      schemas: { Profile },
    })),
}
