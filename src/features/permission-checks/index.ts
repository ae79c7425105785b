import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { PermissionCheck, PermissionPreview, ServerView } from "./contract.ts"
import { permissionChecksHandlers } from "./handlers.ts"
import { permissionChecksRoutes } from "./routes.tsx"

/** Why someone may do something, how they see the server, and what a change would do. */
export const permissionChecksFeature: FeatureOf<"permission-checks"> = {
  handlers: permissionChecksHandlers,
  routes: [permissionChecksRoutes],
  settingsSections: [
    {
      ...{ name: "permissions/check", title: "Check permissions", order: 22 },
      ...{ group: "People", about: "Which role or channel decides what a member may do" },
      mayOpen: (standing) => can(standing, "manageRoles"),
    },
    {
      ...{ name: "permissions/view-as", title: "View as", order: 24 },
      ...{ group: "People", about: "The server as a role or a member sees it" },
      mayOpen: (standing) => can(standing, "manageRoles"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ permissionChecksDocs }) => ({
      ...{ title: "Permissions", order: 57, procedures: permissionChecksDocs },
      schemas: { PermissionCheck, PermissionPreview, ServerView },
    })),
}
