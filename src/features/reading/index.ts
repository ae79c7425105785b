import type { FeatureOf } from "../feature.ts"
import { serverActivity } from "./activity.ts"
import { Unread } from "./contract.ts"
import { readingChannelHandlers, readingHandlers } from "./handlers.ts"
import { readingHooks } from "./hooks.ts"
import { readingRoutes } from "./routes.ts"

/** Read positions, unread counts and their live updates. */
export const readingFeature: FeatureOf<"reading"> = {
  handlers: { ...readingHandlers, ...readingChannelHandlers },
  routes: [readingRoutes],
  hooks: readingHooks,
  workers: [serverActivity],
  docs: () =>
    import("./docs.ts").then(({ readingChannelDocs, readingDocs }) => ({
      title: "Reading",
      order: 190,
      procedures: readingDocs,
      channels: readingChannelDocs,
      schemas: { Unread },
    })),
}
