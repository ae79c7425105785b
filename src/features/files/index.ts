import type { FeatureOf } from "../feature.ts"
import { filesDocs } from "./docs.ts"
import { filesHandlers } from "./handlers.ts"
import { filesHooks } from "./hooks.ts"
import { filesRoutes } from "./routes.tsx"

/** Files sent with messages. */
export const files: FeatureOf<"files"> = {
  handlers: filesHandlers,
  routes: [filesRoutes],
  hooks: ({ sweeper }) => filesHooks(sweeper),
  docs: { title: "Files", order: 90, procedures: filesDocs },
}
