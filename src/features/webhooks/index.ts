import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { avatarFetcher } from "./avatars.ts"
import { OutgoingWebhook, Webhook } from "./contract.ts"
import { webhookDeliveries } from "./deliveries.ts"
import { webhooksHandlers } from "./handlers.ts"
import { incomingRoutes } from "./incoming.ts"
import { webhookLimit } from "./limits.ts"
import { webhooksRoutes } from "./routes.tsx"

/** Incoming and outgoing webhooks. */
export const webhooksFeature: FeatureOf<"webhooks"> = {
  handlers: webhooksHandlers,
  routes: [webhooksRoutes, incomingRoutes],
  workers: [webhookDeliveries, avatarFetcher],
  settingsSections: [
    {
      name: "webhooks",
      title: "Webhooks",
      order: 110,
      ...{ group: "Programs", about: "Programs that post messages, or receive them" },
      mayOpen: (standing) => can(standing, "manageWebhooks"),
    },
  ],
  limits: [webhookLimit],
  docs: async () => ({
    title: "Webhooks",
    order: 170,
    endpoints: (await import("./endpoint-docs.ts")).webhooksEndpoints,
    procedures: (await import("./docs.ts")).webhooksDocs,
    schemas: { Webhook, OutgoingWebhook },
  }),
}
