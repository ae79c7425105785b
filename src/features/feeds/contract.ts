import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { maxQueryLength } from "../search/contract.ts"

/** Most feeds of one user. */
export const maxFeeds = 25

export const AtomFeed = z.object({
  id: z.string(),
  name: z.string(),
  /** The channel that it shows; `null` for a search. */
  channelId: z.string().nullable(),
  query: z.string().nullable(),
  createdAt: z.date(),
  /** When a program last fetched it, to the hour. */
  lastUsedAt: z.date().nullable(),
})
export type AtomFeed = z.infer<typeof AtomFeed>

const Query = z
  .string()
  .trim()
  .min(1, "Enter what to search for")
  .refine((text) => text.length <= maxQueryLength, `A search has at most ${maxQueryLength} characters`)

export const feedsContract = {
  /** The viewer's feeds, oldest first. Fails: 401. */
  getFeeds: query({ input: z.null(), output: z.array(AtomFeed) }),
  /**
   * Makes an address from which programs read a channel, or the newest messages that a search finds, as an Atom feed,
   * for as long as the viewer may read them. The token is the end of its path, `/feeds/:token`, and is returned only here. Fails: 401, 403 (may
   * not read the history; confirm first), 404, 400 (both or neither; what is wrong with the search; too many), 429.
   */
  createFeed: mutation({
    input: z
      .object({ channelId: z.string().optional(), query: Query.optional() })
      .refine(({ channelId, query }) => channelId !== undefined || query !== undefined, {
        error: "Choose a channel or enter a search",
        path: ["query"],
      })
      .refine(({ channelId, query }) => channelId === undefined || query === undefined, {
        error: "Choose a channel or enter a search, not both",
        path: ["query"],
      }),
    output: z.object({ feed: AtomFeed, token: z.string() }),
  }),
  /** Ends a feed at once: its address stops working. Fails: 401, 404, 429. */
  deleteFeed: mutation({ input: z.object({ feedId: z.string() }), output: z.null() }),
}
