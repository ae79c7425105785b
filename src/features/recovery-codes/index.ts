import type { FeatureOf } from "../feature.ts"
import { recoveryCodesHandlers } from "./handlers.ts"
import { recoveryCodesRoutes } from "./routes.tsx"

/** Codes by which people come back to their account when its password is lost. */
export const recoveryCodesFeature: FeatureOf<"recovery-codes"> = {
  handlers: recoveryCodesHandlers,
  routes: [recoveryCodesRoutes],
  docs: () =>
    import("./docs.ts").then(({ recoveryCodesDocs }) => ({
      title: "Recovery codes",
      order: 12,
      procedures: recoveryCodesDocs,
    })),
}
