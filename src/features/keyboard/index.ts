import type { Feature } from "../feature.ts"
import { keyboardRoutes } from "./routes.tsx"

/** The list of keyboard shortcuts. */
export const keyboardFeature: Feature = {
  routes: [keyboardRoutes],
}
