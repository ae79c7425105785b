import type { FeatureOf } from "../feature.ts"
import { SavedMessage } from "./contract.ts"
import { savedHandlers } from "./handlers.ts"
import { savedHooks } from "./hooks.ts"
import { savedRoutes } from "./routes.tsx"

/** A person's saved messages. */
export const savedFeature: FeatureOf<"saved"> = {
  handlers: savedHandlers,
  routes: [savedRoutes],
  hooks: savedHooks,
  docs: () =>
    import("./docs.ts").then(({ savedDocs }) => ({
      title: "Saved messages",
      order: 130,
      procedures: savedDocs,
      schemas: { SavedMessage },
    })),
}
