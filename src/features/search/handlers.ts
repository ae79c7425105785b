import { Clocks } from "../../web/clocks.ts"
import type { Procedures } from "../derived.ts"
import { clockIn } from "../settings/contract.ts"
import { type searchContract, searchPageSize } from "./contract.ts"
import { resolveQuery } from "./resolve.ts"
import { snippetOf } from "./snippet.ts"
import { findNewest } from "./store.ts"
import { parseQuery } from "./syntax.ts"

/** Searches of one person: more than anybody types, and than reading results takes. */
export const searchRate = { count: 20, windowMs: 10_000 }

export const searchHandlers: Procedures<typeof searchContract> = {
  searchMessages: {
    resources: ({ ctx }) => [`servers/user/${ctx.viewer?.id}`],
    async procedure({ inputs, derived, error }) {
      const { db, searchIndex, searchLimit } = derived
      const viewer = derived.requireAuth()
      const query = parseQuery(inputs.query)
      const retryAfterSeconds = searchLimit.take(viewer.id)
      if (retryAfterSeconds > 0)
        error("You are searching too fast. Wait a moment", 429, { retryAfterSeconds })

      await searchIndex.settle()
      const { match, low, high } = await resolveQuery(db, query, {
        viewer,
        clock: new Clocks().in(inputs.zone ?? clockIn(viewer.settings).zone),
        now: new Date(),
      })
      const below = inputs.before === undefined ? high : Math.min(high, Number(inputs.before) - 1)
      const limit = inputs.limit ?? searchPageSize
      const found = findNewest(db, { viewerId: viewer.id, match, low, high: below, limit: limit + 1 })
      const page = found.slice(0, limit)
      return {
        results: page.map(({ id, ...one }) => ({ ...one, snippet: snippetOf(one.message, query.phrases) })),
        older: found.length > limit ? String(page.at(-1)?.id) : null,
        isIncomplete: searchIndex.isFarBehind,
      }
    },
  },
}
