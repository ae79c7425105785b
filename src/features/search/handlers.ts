import { Clocks } from "../../web/clocks.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import { clockIn } from "../settings/contract.ts"
import { type searchContract, searchPageSize } from "./contract.ts"
import { timeOf } from "./document-ids.ts"
import { findNewest } from "./find.ts"
import { searchLimit } from "./limits.ts"
import { resolveQuery } from "./resolve.ts"
import { messageIndex } from "./search-index.ts"
import { snippetOf } from "./snippet.ts"
import { loadStems } from "./stems.ts"
import { parseQuery } from "./syntax.ts"

export const searchHandlers: Procedures<typeof searchContract> = {
  searchMessages: {
    resources: ({ ctx }) => [resource.servers(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { limits, searchPace } = derived
      const searchIndex = derived.workers.get(messageIndex)
      const viewer = derived.requireAuth()
      const query = parseQuery(inputs.query)
      const retryAfterSeconds = await limits.get(searchLimit).take(viewer.id)
      if (retryAfterSeconds > 0)
        error("You are searching too fast. Wait a moment", 429, { retryAfterSeconds })

      await searchIndex.settle()
      const { high, ...search } = await resolveQuery(derived, query, {
        viewer,
        clock: await new Clocks().in(inputs.zone ?? clockIn(viewer.settings).zone),
        now: new Date(),
      })
      const below = inputs.before === undefined ? high : Math.min(high, Number(inputs.before) - 1)
      const limit = inputs.limit ?? searchPageSize
      const request = { ...search, viewerId: viewer.id, high: below, limit: limit + 1 }
      const { matches, rest } = await findNewest(derived, request, searchPace)
      const page = matches.slice(0, limit)
      const stems = await loadStems()
      // `before` is exclusive.
      const older = matches.length > limit ? page.at(-1)?.id : rest === null ? undefined : rest + 1
      return {
        results: page.map(({ id, ...match }) => ({
          ...match,
          snippet: snippetOf(match.message, query.phrases, stems),
        })),
        older: older === undefined ? null : String(older),
        lookedBackTo: rest === null ? null : timeOf(rest + 1),
        isIncomplete: searchIndex.isFarBehind,
      }
    },
  },
}
