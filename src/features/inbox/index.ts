import type { FeatureOf } from "../feature.ts"
import { FollowedThread, InboxItem } from "./contract.ts"
import { inboxHandlers } from "./handlers.ts"
import { inboxHooks } from "./hooks.ts"
import { inboxRoutes } from "./routes.tsx"

/** What waits for a person in all their servers, and the threads that they follow. */
export const inboxFeature: FeatureOf<"inbox"> = {
  handlers: inboxHandlers,
  routes: [inboxRoutes],
  hooks: inboxHooks,
  docs: () =>
    import("./docs.ts").then(({ inboxDocs }) => ({
      title: "Inbox",
      order: 135,
      procedures: inboxDocs,
      schemas: { InboxItem, FollowedThread },
    })),
}
