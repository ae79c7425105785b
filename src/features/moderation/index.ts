import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { Timeout } from "./contract.ts"
import { moderationDuty } from "./duty.ts"
import { moderationHandlers } from "./handlers.ts"
import { moderationHooks } from "./hooks.ts"
import { memberActsRoutes, memberFormsRoutes } from "./member-routes.tsx"
import { moderationRoutes } from "./routes.tsx"

/** What moderators do to members, channels and messages, and undoing it. */
export const moderationFeature: FeatureOf<"moderation"> = {
  handlers: moderationHandlers,
  routes: [moderationRoutes, memberFormsRoutes, memberActsRoutes],
  hooks: moderationHooks,
  settingsSections: [
    {
      name: "moderation",
      title: "Moderation",
      order: 50,
      ...{ group: "Moderation", about: "Slow mode, locks, timeouts and the raid lock" },
      mayOpen: (standing) => can(standing, "timeOutMembers") || can(standing, "manageMessages"),
    },
  ],
  workers: [moderationDuty],
  docs: () =>
    import("./docs.ts").then(({ moderationDocs }) => ({
      title: "Moderation",
      order: 55,
      procedures: moderationDocs,
      schemas: { Timeout },
    })),
}
