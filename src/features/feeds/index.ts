import type { FeatureOf } from "../feature.ts"
import { AtomFeed } from "./contract.ts"
import { feedsHandlers } from "./handlers.ts"
import { feedLimit } from "./limits.ts"
import { feedsRoutes } from "./routes.tsx"

/** Addresses from which programs read channels and searches. */
export const feedsFeature: FeatureOf<"feeds"> = {
  handlers: feedsHandlers,
  routes: [feedsRoutes],
  limits: [feedLimit],
  docs: () =>
    import("./docs.ts").then(({ feedsDocs }) => ({
      title: "Feeds",
      order: 136,
      procedures: feedsDocs,
      schemas: { AtomFeed },
    })),
}
