import type { FeatureOf } from "../feature.ts"
import { defineWorker } from "../worker.ts"
import { presenceHandlers } from "./handlers.ts"
import { typingLimit } from "./limits.ts"
import type { Presence } from "./presence.ts"
import { presenceRoutes } from "./routes.ts"
import { presenceStyles } from "./viewer-styles.ts"

/** Who is online and who is typing. */
export const presenceFeature: FeatureOf<"presence"> = {
  handlers: presenceHandlers,
  routes: [presenceRoutes],
  workers: [defineWorker(({ presence }: { presence: Presence }) => presence)],
  limits: [typingLimit],
  docs: () =>
    import("./docs.ts").then(({ presenceChannelDocs }) => ({
      title: "Presence",
      order: 230,
      channels: presenceChannelDocs,
    })),
  viewerStyles: presenceStyles,
}
