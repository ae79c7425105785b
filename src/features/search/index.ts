import type { FeatureOf } from "../feature.ts"
import { FoundMessage } from "./contract.ts"
import { searchDocs } from "./docs.ts"
import { searchHandlers } from "./handlers.ts"
import { searchRoutes } from "./routes.tsx"

/** Full-text search. */
export const search: FeatureOf<"search"> = {
  handlers: searchHandlers,
  routes: [searchRoutes],
  docs: { title: "Search", order: 140, procedures: searchDocs, schemas: { FoundMessage } },
}
