import type { FeatureOf } from "../feature.ts"
import { InstanceAnnouncement } from "./contract.ts"
import { announcementsHandlers } from "./handlers.ts"
import { announcementsRoutes } from "./routes.tsx"

/** What administrators announce to everyone. */
export const announcementsFeature: FeatureOf<"announcements"> = {
  handlers: announcementsHandlers,
  routes: [announcementsRoutes],
  docs: () =>
    import("./docs.ts").then(({ announcementsDocs }) => ({
      title: "Announcements",
      order: 264,
      procedures: announcementsDocs,
      schemas: { InstanceAnnouncement },
    })),
}
