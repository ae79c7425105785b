import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Role } from "./contract.ts"
import { rolesHandlers } from "./handlers.ts"
import { memberRolesRoutes } from "./member-routes.tsx"
import { rolesRoutes } from "./routes.tsx"

/** Roles of a server, and who has them. */
export const rolesFeature: FeatureOf<"roles"> = {
  handlers: rolesHandlers,
  routes: [rolesRoutes, memberRolesRoutes],
  settingsSections: [
    {
      name: "members",
      title: "Members",
      order: 30,
      ...{ group: "People", about: "The members and their roles" },
      mayOpen: (standing) => can(standing, "manageRoles"),
    },
    {
      name: "roles",
      title: "Roles",
      order: 20,
      ...{ group: "People", about: "Permissions of members, colors and order" },
      mayOpen: (standing) => can(standing, "manageRoles"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ rolesDocs }) => ({
      title: "Roles",
      order: 42,
      procedures: rolesDocs,
      schemas: { Role },
    })),
}
