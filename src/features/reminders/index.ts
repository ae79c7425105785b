import type { FeatureOf } from "../feature.ts"
import { Reminder } from "./contract.ts"
import { reminderDuty } from "./duty.ts"
import { remindersHandlers } from "./handlers.ts"
import { remindersHooks } from "./hooks.ts"
import { laterLimit } from "./limits.ts"
import { remindersRoutes } from "./routes.tsx"

/** Messages that people want to see again at a time. */
export const remindersFeature: FeatureOf<"reminders"> = {
  handlers: remindersHandlers,
  routes: [remindersRoutes],
  hooks: remindersHooks,
  limits: [laterLimit],
  workers: [reminderDuty],
  docs: () =>
    import("./docs.ts").then(({ remindersDocs }) => ({
      title: "Reminders",
      order: 132,
      procedures: remindersDocs,
      schemas: { Reminder },
    })),
}
