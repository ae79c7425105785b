import type { FeatureOf } from "../feature.ts"
import { accountsHandlers } from "./handlers.ts"
import { loginLimit } from "./limits.ts"
import { accountsRoutes } from "./routes.tsx"
import { sessionRenewals } from "./session-renewals.ts"

/** Signing up and in, passwords, and deleting an account. */
export const accountsFeature: FeatureOf<"accounts"> = {
  handlers: accountsHandlers,
  routes: [accountsRoutes],
  limits: [loginLimit],
  workers: [sessionRenewals],
  docs: () =>
    import("./docs.ts").then(({ accountsDocs }) => ({
      title: "Accounts",
      order: 10,
      procedures: accountsDocs,
    })),
}
