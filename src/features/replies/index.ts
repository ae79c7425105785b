import type { Feature } from "../feature.ts"
import { repliesHooks } from "./hooks.ts"
import { repliesRoutes } from "./routes.tsx"

/** Replies that quote the message they answer. */
export const replies: Feature = {
  routes: [repliesRoutes],
  hooks: repliesHooks,
}
