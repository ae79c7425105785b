import type { FeatureOf } from "../feature.ts"
import { Category } from "./contract.ts"
import { categoriesDocs } from "./docs.ts"
import { categoriesHandlers } from "./handlers.ts"

/** Groups of a server's channels, and the order of both. */
export const categoriesFeature: FeatureOf<"categories"> = {
  handlers: categoriesHandlers,
  docs: { title: "Categories", order: 72, procedures: categoriesDocs, schemas: { Category } },
}
