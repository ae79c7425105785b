import type { FeatureOf } from "../feature.ts"
import { Member } from "./contract.ts"
import { membersDocs } from "./docs.ts"
import { membersHandlers } from "./handlers.ts"
import { membersRoutes, removalRoutes } from "./routes.tsx"

/** A server's members: listing, leaving, removing. */
export const membersFeature: FeatureOf<"members"> = {
  handlers: membersHandlers,
  routes: [membersRoutes, removalRoutes],
  docs: { title: "Members", order: 40, procedures: membersDocs, schemas: { Member } },
}
