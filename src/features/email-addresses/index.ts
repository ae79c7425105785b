import type { FeatureOf } from "../feature.ts"
import { emailAddressesHandlers } from "./handlers.ts"
import { mailLimit } from "./limits.ts"
import { mailer } from "./mailer.ts"
import { emailAddressesRoutes } from "./routes.tsx"

/** E-mail addresses of people, which are optional, and the messages that are sent to them. */
export const emailAddressesFeature: FeatureOf<"email-addresses"> = {
  handlers: emailAddressesHandlers,
  routes: [emailAddressesRoutes],
  limits: [mailLimit],
  workers: [mailer],
  docs: () =>
    import("./docs.ts").then(({ emailAddressesDocs }) => ({
      title: "E-mail addresses",
      order: 13,
      procedures: emailAddressesDocs,
    })),
}
