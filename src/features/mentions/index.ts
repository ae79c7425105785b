import type { Feature } from "../feature.ts"
import { mentionsHooks } from "./hooks.ts"
import { mentionsRoutes } from "./routes.tsx"
import { mentionsStyles } from "./viewer-styles.ts"

/** Names in messages: mentions of people and channels, and their completion. */
export const mentionsFeature: Feature = {
  routes: [mentionsRoutes],
  hooks: mentionsHooks,
  viewerStyles: mentionsStyles,
}
