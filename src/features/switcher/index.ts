import type { Feature } from "../feature.ts"
import { switcherRoutes } from "./routes.tsx"

/** The quick switcher. */
export const switcherFeature: Feature = {
  routes: [switcherRoutes],
}
