import type { FeatureOf } from "../feature.ts"
import {
  AdministeredPerson,
  AdministeredServer,
  ConfigurationLine,
  InstanceEntry,
  Invitation,
  Operations,
} from "./contract.ts"
import { administrationHandlers } from "./handlers.ts"
import { instanceLogTrimmer } from "./log-trimmer.ts"
import { peopleRoutes } from "./people-routes.tsx"
import { purgeDuty } from "./purges.ts"
import {
  administeredServersRoutes,
  administrationRoutes,
  instanceSettingsRoutes,
  invitationRoutes,
} from "./routes.tsx"

/** What administrators of the instance see and do. They read nothing private by it. */
export const administrationFeature: FeatureOf<"administration"> = {
  handlers: administrationHandlers,
  routes: [
    administrationRoutes,
    peopleRoutes,
    administeredServersRoutes,
    invitationRoutes,
    instanceSettingsRoutes,
  ],
  workers: [instanceLogTrimmer, purgeDuty],
  docs: () =>
    import("./docs.ts").then(({ administrationDocs }) => ({
      title: "Administration",
      order: 260,
      procedures: administrationDocs,
      schemas: {
        AdministeredServer,
        ConfigurationLine,
        InstanceEntry,
        Invitation,
        Operations,
        AdministeredPerson,
      },
    })),
}
