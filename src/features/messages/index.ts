import type { FeatureOf } from "../feature.ts"
import { Message } from "./contract.ts"
import { MessageExtras } from "./extras.ts"
import { chatHandlers, messagesHandlers } from "./handlers.ts"
import { messageLimit } from "./limits.ts"
import { messagesRoutes } from "./routes.tsx"

/** Messages: reading, sending, editing and deleting them. */
export const messagesFeature: FeatureOf<"messages"> = {
  handlers: { ...messagesHandlers, ...chatHandlers },
  routes: [messagesRoutes],
  limits: [messageLimit],
  docs: () =>
    import("./docs.ts").then(({ messagesChannelDocs, messagesDocs, messagesEndpoints }) => ({
      title: "Messages",
      order: 80,
      endpoints: messagesEndpoints,
      procedures: messagesDocs,
      channels: messagesChannelDocs,
      schemas: { Message, MessageExtras },
    })),
}
