import type { FeatureOf } from "../feature.ts"
import { InstanceAnnouncement } from "./contract.ts"
import { announcementsDocs } from "./docs.ts"
import { announcementsHandlers } from "./handlers.ts"
import { announcementsRoutes } from "./routes.tsx"

/** What administrators announce to everyone. */
export const announcementsFeature: FeatureOf<"announcements"> = {
  handlers: announcementsHandlers,
  routes: [announcementsRoutes],
  docs: {
    title: "Announcements",
    order: 264,
    procedures: announcementsDocs,
    schemas: { InstanceAnnouncement },
  },
}
