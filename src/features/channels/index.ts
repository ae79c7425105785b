import type { FeatureOf } from "../feature.ts"
import { Channel } from "./contract.ts"
import { channelsHandlers } from "./handlers.ts"
import { channelsRoutes } from "./routes.tsx"

/** A server's text channels. */
export const channelsFeature: FeatureOf<"channels"> = {
  handlers: channelsHandlers,
  routes: [channelsRoutes],
  docs: () =>
    import("./docs.ts").then(({ channelsDocs }) => ({
      title: "Channels",
      order: 70,
      procedures: channelsDocs,
      schemas: { Channel },
    })),
}
