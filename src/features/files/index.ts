import type { FeatureOf } from "../feature.ts"
import { filesDocs } from "./docs.ts"
import { filesHandlers } from "./handlers.ts"
import { filesPart } from "./part.ts"
import { filesRoutes } from "./routes.tsx"

/** Files sent with messages. */
export const files: FeatureOf<"files"> = {
  handlers: filesHandlers,
  routes: [filesRoutes],
  hooks: ({ sweeper }) => filesPart(sweeper),
  docs: { title: "Files", order: 90, procedures: filesDocs },
}
