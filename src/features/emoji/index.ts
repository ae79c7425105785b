import type { Feature } from "../feature.ts"
import { emojiRoutes } from "./routes.tsx"

/** Emoji search for the composer. */
export const emojiFeature: Feature = {
  routes: [emojiRoutes],
}
