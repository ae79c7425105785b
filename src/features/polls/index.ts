import type { FeatureOf } from "../feature.ts"
import { pollCloser } from "./closer.ts"
import { pollsHandlers } from "./handlers.ts"
import { pollsHooks } from "./hooks.ts"
import { voteLimit } from "./limits.ts"
import { Poll, PollResult } from "./message-fields.ts"
import { pollsRoutes } from "./routes.tsx"
import { pollsStyles } from "./viewer-styles.ts"

/** Polls: a question with answers that users vote for. */
export const pollsFeature: FeatureOf<"polls"> = {
  handlers: pollsHandlers,
  routes: [pollsRoutes],
  hooks: ({ workers }) => pollsHooks(() => workers.get(pollCloser)),
  limits: [voteLimit],
  workers: [pollCloser],
  docs: () =>
    import("./docs.ts").then(({ pollsDocs }) => ({
      title: "Polls",
      order: 105,
      procedures: pollsDocs,
      schemas: { Poll, PollResult },
    })),
  viewerStyles: pollsStyles,
}
