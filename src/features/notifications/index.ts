import type { FeatureOf } from "../feature.ts"
import { NotificationSettings, PlaceLevels } from "./contract.ts"
import { notificationsDocs } from "./docs.ts"
import { notificationsHandlers } from "./handlers.ts"
import { muteDuty } from "./mute-duty.ts"
import { notifier } from "./notifier.ts"
import { notificationsRoutes } from "./routes.tsx"

/** Notifications: who is notified of which messages. */
export const notificationsFeature: FeatureOf<"notifications"> = {
  handlers: notificationsHandlers,
  routes: [notificationsRoutes],
  workers: [notifier, muteDuty],
  docs: {
    title: "Notifications",
    order: 195,
    procedures: notificationsDocs,
    schemas: { PlaceLevels, NotificationSettings },
  },
}
