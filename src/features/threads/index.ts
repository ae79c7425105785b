import type { FeatureOf } from "../feature.ts"
import { Thread, ThreadEntry } from "./contract.ts"
import { threadsHandlers } from "./handlers.ts"
import { threadsHooks } from "./hooks.ts"
import { ThreadSummary } from "./message-fields.ts"
import { threadsRoutes } from "./routes.tsx"
import { threadSummaries } from "./summaries.ts"

/** Threads: channels that start from a message. */
export const threadsFeature: FeatureOf<"threads"> = {
  handlers: threadsHandlers,
  routes: [threadsRoutes],
  hooks: threadsHooks,
  workers: [threadSummaries],
  docs: () =>
    import("./docs.ts").then(({ threadsDocs }) => ({
      title: "Threads",
      order: 120,
      procedures: threadsDocs,
      schemas: { Thread, ThreadEntry, ThreadSummary },
    })),
}
