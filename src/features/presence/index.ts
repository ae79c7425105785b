import type { FeatureOf } from "../feature.ts"
import { presenceChannelDocs } from "./docs.ts"
import { presenceHandlers } from "./handlers.ts"
import { presenceRoutes } from "./routes.ts"

/** Who is online and who is typing. */
export const presence: FeatureOf<"presence"> = {
  handlers: presenceHandlers,
  routes: [presenceRoutes],
  docs: { title: "Presence", order: 230, channels: presenceChannelDocs },
}
