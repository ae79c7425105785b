import type { Feature } from "../feature.ts"
import { draftsRoutes } from "./routes.tsx"

/** The preview of a message that is being written. */
export const draftsFeature: Feature = {
  routes: [draftsRoutes],
}
