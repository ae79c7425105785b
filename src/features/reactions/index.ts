import type { FeatureOf } from "../feature.ts"
import { reactionsDocs } from "./docs.ts"
import { reactionsHandlers } from "./handlers.ts"
import { reactionsPart } from "./part.ts"
import { reactionsRoutes } from "./routes.tsx"

/** Emoji under a message. */
export const reactions: FeatureOf<"reactions"> = {
  handlers: reactionsHandlers,
  routes: [reactionsRoutes],
  hooks: reactionsPart,
  docs: { title: "Reactions", order: 100, procedures: reactionsDocs },
}
