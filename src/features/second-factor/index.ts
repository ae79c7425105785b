import type { FeatureOf } from "../feature.ts"
import { confirmationRoutes } from "./confirmation-routes.tsx"
import { secondFactorHandlers } from "./handlers.ts"
import { codeLimit } from "./limits.ts"
import { authenticatorRoutes, loginCodeRoutes, secondFactorRoutes } from "./routes.tsx"

/** Two-factor login: authenticator apps, backup codes, trusted devices, and confirming who one is. */
export const secondFactorFeature: FeatureOf<"second-factor"> = {
  handlers: secondFactorHandlers,
  routes: [loginCodeRoutes, authenticatorRoutes, secondFactorRoutes, confirmationRoutes],
  limits: [codeLimit],
  docs: () =>
    import("./docs.ts").then(({ secondFactorDocs }) => ({
      title: "Two-factor login",
      order: 15,
      procedures: secondFactorDocs,
    })),
}
