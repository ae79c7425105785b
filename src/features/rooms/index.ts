import type { Feature } from "../feature.ts"
import type { ShownRooms } from "../presence/shown-rooms.ts"
import { defineWorker } from "../worker.ts"
import { categoryRoutes } from "./category-routes.ts"
import { liveRoutes } from "./live/routes.ts"
import { menuRoutes } from "./menu-routes.tsx"
import { roomsRoutes } from "./routes.tsx"

/** The chat room: a channel's page and its live transports. */
export const roomsFeature: Feature = {
  routes: [roomsRoutes, liveRoutes, categoryRoutes, menuRoutes],
  workers: [defineWorker(({ shownRooms }: { shownRooms: ShownRooms }) => shownRooms)],
}
