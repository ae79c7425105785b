import type { Feature } from "../feature.ts"
import { repliesPart } from "./part.ts"
import { repliesRoutes } from "./routes.tsx"

/** Replies that quote the message they answer. */
export const replies: Feature = {
  routes: [repliesRoutes],
  hooks: repliesPart,
}
