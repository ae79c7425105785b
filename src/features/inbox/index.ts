import type { FeatureOf } from "../feature.ts"
import { FollowedThread, InboxItem } from "./contract.ts"
import { inboxHandlers } from "./handlers.ts"
import { inboxHooks } from "./hooks.ts"
import { inboxLimit } from "./limits.ts"
import { inboxRoutes } from "./routes.tsx"
import { inboxTrimmer } from "./trimmer.ts"

/** A user's inbox of all servers, and their followed threads. */
export const inboxFeature: FeatureOf<"inbox"> = {
  handlers: inboxHandlers,
  routes: [inboxRoutes],
  hooks: inboxHooks,
  limits: [inboxLimit],
  workers: [inboxTrimmer],
  docs: () =>
    import("./docs.ts").then(({ inboxDocs }) => ({
      title: "Inbox",
      order: 135,
      procedures: inboxDocs,
      schemas: { InboxItem, FollowedThread },
    })),
}
