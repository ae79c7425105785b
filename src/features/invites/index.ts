import type { FeatureOf } from "../feature.ts"
import { Invite, InvitePreview } from "./contract.ts"
import { invitesDocs } from "./docs.ts"
import { invitesHandlers } from "./handlers.ts"
import { invitesRoutes } from "./routes.tsx"

/** Links by which users join a server. */
export const invitesFeature: FeatureOf<"invites"> = {
  handlers: invitesHandlers,
  routes: [invitesRoutes],
  docs: { title: "Invites", order: 60, procedures: invitesDocs, schemas: { Invite, InvitePreview } },
}
