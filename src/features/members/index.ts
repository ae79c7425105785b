import type { FeatureOf } from "../feature.ts"
import { Member } from "./contract.ts"
import { membersHandlers } from "./handlers.ts"
import { membersRoutes, removalRoutes } from "./routes.tsx"

/** A server's members: listing, leaving, removing. */
export const membersFeature: FeatureOf<"members"> = {
  handlers: membersHandlers,
  routes: [membersRoutes, removalRoutes],
  docs: () =>
    import("./docs.ts").then(({ membersDocs }) => ({
      title: "Members",
      order: 40,
      procedures: membersDocs,
      schemas: { Member },
    })),
}
