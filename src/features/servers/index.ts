import type { FeatureOf } from "../feature.ts"
import { Server } from "./contract.ts"
import { serversDocs } from "./docs.ts"
import { serversHandlers } from "./handlers.ts"
import { serversRoutes } from "./routes.tsx"

/** Servers: the communities people are members of. */
export const serversFeature: FeatureOf<"servers"> = {
  handlers: serversHandlers,
  routes: [serversRoutes],
  docs: { title: "Servers", order: 30, procedures: serversDocs, schemas: { Server } },
}
