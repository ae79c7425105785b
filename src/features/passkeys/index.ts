import type { FeatureOf } from "../feature.ts"
import { Passkey } from "./contract.ts"
import { passkeysHandlers } from "./handlers.ts"
import { challengeLimit } from "./limits.ts"
import { passkeyLoginRoutes, passkeysRoutes } from "./routes.tsx"

/** Passkeys: signing in without a password, and the second factor of who has one. */
export const passkeysFeature: FeatureOf<"passkeys"> = {
  handlers: passkeysHandlers,
  routes: [passkeyLoginRoutes, passkeysRoutes],
  limits: [challengeLimit],
  docs: () =>
    import("./docs.ts").then(({ passkeysDocs }) => ({
      title: "Passkeys",
      order: 16,
      procedures: passkeysDocs,
      schemas: { Passkey },
    })),
}
