import type { Feature } from "../feature.ts"
import { webAppRoutes } from "./routes.tsx"

/** The chat as an app on the phone and the desk. */
export const webAppFeature: Feature = {
  routes: [webAppRoutes],
}
