import type { FeatureOf } from "../feature.ts"
import { reactionsHandlers } from "./handlers.ts"
import { reactionsHooks } from "./hooks.ts"
import { reactionLimit } from "./limits.ts"
import { Reaction } from "./message-fields.ts"
import { reactionsRoutes } from "./routes.tsx"
import { reactionsStyles } from "./viewer-styles.ts"

/** Emoji under a message. */
export const reactionsFeature: FeatureOf<"reactions"> = {
  handlers: reactionsHandlers,
  routes: [reactionsRoutes],
  hooks: reactionsHooks,
  limits: [reactionLimit],
  docs: () =>
    import("./docs.ts").then(({ reactionsDocs }) => ({
      title: "Reactions",
      order: 100,
      procedures: reactionsDocs,
      schemas: { Reaction },
    })),
  viewerStyles: reactionsStyles,
}
