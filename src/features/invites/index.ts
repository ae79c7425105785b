import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Invite, InvitePreview } from "./contract.ts"
import { invitesHandlers } from "./handlers.ts"
import { invitesRoutes } from "./routes.tsx"

/** Links by which users join a server. */
export const invitesFeature: FeatureOf<"invites"> = {
  handlers: invitesHandlers,
  routes: [invitesRoutes],
  settingsSections: [
    {
      name: "invites",
      title: "Invites",
      order: 100,
      ...{ group: "People", about: "Links by which people join" },
      mayOpen: (standing) => can(standing, "invite"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ invitesDocs }) => ({
      title: "Invites",
      order: 60,
      procedures: invitesDocs,
      schemas: { Invite, InvitePreview },
    })),
}
