import type { FeatureOf } from "../feature.ts"
import { Conversation, Person } from "./contract.ts"
import { conversationsHandlers } from "./handlers.ts"
import { conversationsRoutes } from "./routes.tsx"

/** Direct conversations and groups. */
export const conversationsFeature: FeatureOf<"conversations"> = {
  handlers: conversationsHandlers,
  routes: [conversationsRoutes],
  docs: () =>
    import("./docs.ts").then(({ conversationsDocs }) => ({
      title: "Conversations",
      order: 200,
      procedures: conversationsDocs,
      schemas: { Conversation, Person },
    })),
}
