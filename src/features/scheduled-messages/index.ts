import type { FeatureOf } from "../feature.ts"
import { ScheduledMessage } from "./contract.ts"
import { scheduledMessageDuty } from "./duty.ts"
import { scheduledMessagesHandlers } from "./handlers.ts"
import { scheduledMessagesRoutes } from "./routes.tsx"

/** Messages that are sent at a time. */
export const scheduledMessagesFeature: FeatureOf<"scheduled-messages"> = {
  handlers: scheduledMessagesHandlers,
  routes: [scheduledMessagesRoutes],
  workers: [scheduledMessageDuty],
  docs: () =>
    import("./docs.ts").then(({ scheduledMessagesDocs }) => ({
      title: "Scheduled messages",
      order: 134,
      procedures: scheduledMessagesDocs,
      schemas: { ScheduledMessage },
    })),
}
