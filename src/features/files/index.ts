import type { FeatureOf } from "../feature.ts"
import { filesHandlers } from "./handlers.ts"
import { filesHooks } from "./hooks.ts"
import { fileLimit } from "./limits.ts"
import { Attachment } from "./message-fields.ts"
import { filesRoutes } from "./routes.tsx"
import { fileSweeper } from "./sweeper.ts"

/** Files sent with messages. */
export const filesFeature: FeatureOf<"files"> = {
  handlers: filesHandlers,
  routes: [filesRoutes],
  hooks: ({ workers }) => filesHooks(workers.get(fileSweeper)),
  workers: [fileSweeper],
  limits: [fileLimit],
  docs: () =>
    import("./docs.ts").then(({ filesDocs }) => ({
      title: "Files",
      order: 90,
      procedures: filesDocs,
      schemas: { Attachment },
    })),
}
