import type { FeatureOf } from "../feature.ts"
import { accountsDocs } from "./docs.ts"
import { accountsHandlers } from "./handlers.ts"
import { loginLimit } from "./limits.ts"
import { accountsRoutes } from "./routes.tsx"

/** Signing up and in, passwords, and deleting an account. */
export const accountsFeature: FeatureOf<"accounts"> = {
  handlers: accountsHandlers,
  routes: [accountsRoutes],
  limits: [loginLimit],
  docs: { title: "Accounts", order: 10, procedures: accountsDocs },
}
