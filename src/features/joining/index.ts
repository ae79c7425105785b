import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Joining, JoinQuestion, JoinSettings } from "./contract.ts"
import { joiningHandlers } from "./handlers.ts"
import { joiningRoutes } from "./routes.tsx"

/** How people join a server: rules, questions, verification, a welcome, and the lock against raids. */
export const joiningFeature: FeatureOf<"joining"> = {
  handlers: joiningHandlers,
  routes: [joiningRoutes],
  settingsSections: [
    {
      name: "joining",
      title: "Joining",
      order: 90,
      ...{ group: "People", about: "Rules, questions and a welcome for new members" },
      mayOpen: (standing) => can(standing, "manageServer"),
    },
    {
      name: "my-roles",
      title: "My roles",
      order: 95,
      ...{ group: "People", about: "Roles that you choose by your answers" },
      mayOpen: (standing) => can(standing, "read"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ joiningDocs }) => ({
      title: "Joining",
      order: 67,
      procedures: joiningDocs,
      schemas: { JoinSettings, JoinQuestion, Joining },
    })),
}
