import type { FeatureOf } from "../feature.ts"
import { previewsHandlers } from "./handlers.ts"
import { previewsHooks } from "./hooks.ts"
import { LinkPreview } from "./message-fields.ts"
import { previewFetcher } from "./previews.ts"
import { previewsRoutes } from "./routes.tsx"

/** Previews of the pages that messages link to. */
export const previewsFeature: FeatureOf<"previews"> = {
  handlers: previewsHandlers,
  routes: [previewsRoutes],
  hooks: ({ workers, config }) => previewsHooks(workers.get(previewFetcher), config.linkPreviews),
  workers: [previewFetcher],
  docs: () =>
    import("./docs.ts").then(({ previewsDocs }) => ({
      title: "Link previews",
      order: 150,
      procedures: previewsDocs,
      schemas: { LinkPreview },
    })),
}
