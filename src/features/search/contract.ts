import { z } from "zod"
import { query } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

/** Longest search, in UTF-16 code units. Source: Discord, 512. */
export const maxQueryLength = 512
/** Results of one page. Source: Discord, 25. */
export const searchPageSize = 25
const maxSearchPageSize = 50

/** A piece of a text; those that were looked for stand out. */
const SnippetPart = z.object({ text: z.string(), isMatch: z.boolean() })
export type SnippetPart = z.infer<typeof SnippetPart>

export const FoundMessage = z.object({
  message: Message,
  /** What the server is called; empty for a conversation. */
  serverName: z.string(),
  /** What the channel is called, or the conversation for the viewer, or the thread. */
  channelName: z.string(),
  isConversation: z.boolean(),
  isThread: z.boolean(),
  /** About what was found in the text, with the names of files behind it; in order, without gaps. */
  snippet: z.array(SnippetPart),
})
export type FoundMessage = z.infer<typeof FoundMessage>

export const SearchResults = z.object({
  /** Newest first. */
  results: z.array(FoundMessage),
  /** For `before`: where the next page begins. `null`: that was all. */
  older: z.string().nullable(),
  /** There was no time to look further back than that: the words are common, and in few messages together or none. */
  lookedBackTo: z.date().nullable(),
  /** Many messages are still to be made searchable: the same search may find more soon. */
  isIncomplete: z.boolean(),
})
export type SearchResults = z.infer<typeof SearchResults>

export const searchContract = {
  /**
   * Messages that the viewer may read and in which all words of `query` are: in their servers, threads and conversations,
   * newest first. A "phrase" is found as it stands, -word excludes; from:, in:, has:, before:, after:, on: and mentions:
   * narrow it down. Case, accents and width do not count. `zone` is where days begin, such as `Europe/Berlin`.
   * Fails: 401, 400 (what is wrong with the query, in words, as the issue of `query`), 429.
   */
  searchMessages: query({
    input: z.object({
      query: z
        .string()
        // Not `max`, which counts code points: browsers (`maxlength`) count code units.
        .refine((text) => text.length <= maxQueryLength, `A search has at most ${maxQueryLength} characters`),
      limit: z.int().min(1).max(maxSearchPageSize).optional(),
      before: z
        .string()
        .regex(/^\d{1,16}$/, "Take it from what an earlier page said is older")
        .optional(),
      zone: z.string().max(64).optional(),
    }),
    output: SearchResults,
    meta: { bots: true },
  }),
}
