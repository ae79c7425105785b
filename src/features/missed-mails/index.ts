import type { FeatureOf } from "../feature.ts"
import { missedMailDuty } from "./duty.ts"
import { missedMailsHandlers } from "./handlers.ts"
import { missedMailsRoutes } from "./routes.tsx"

/** E-mail for what people missed, by their choice. */
export const missedMailsFeature: FeatureOf<"missed-mails"> = {
  handlers: missedMailsHandlers,
  routes: [missedMailsRoutes],
  workers: [missedMailDuty],
  docs: () =>
    import("./docs.ts").then(({ missedMailsDocs }) => ({
      title: "E-mail for what you missed",
      order: 14,
      procedures: missedMailsDocs,
    })),
}
