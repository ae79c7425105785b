import type { Feature } from "../feature.ts"
import { repliesHooks } from "./hooks.ts"
import { ReplyQuote } from "./message-fields.ts"
import { repliesRoutes } from "./routes.tsx"

/** Replies that quote the message they answer. */
export const repliesFeature: Feature = {
  routes: [repliesRoutes],
  hooks: repliesHooks,
  docs: { title: "Replies", order: 85, schemas: { ReplyQuote } },
}
