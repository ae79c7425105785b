import type { FeatureOf } from "../feature.ts"
import { FoundMessage } from "./contract.ts"
import { searchHandlers } from "./handlers.ts"
import { searchLimit } from "./limits.ts"
import { searchRoutes } from "./routes.tsx"
import { messageIndex } from "./search-index.ts"

/** Full-text search. */
export const searchFeature: FeatureOf<"search"> = {
  handlers: searchHandlers,
  routes: [searchRoutes],
  workers: [messageIndex],
  limits: [searchLimit],
  docs: () =>
    import("./docs.ts").then(({ searchDocs }) => ({
      title: "Search",
      order: 140,
      procedures: searchDocs,
      schemas: { FoundMessage },
    })),
}
