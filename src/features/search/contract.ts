import { z } from "zod"
import { query } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

/** Longest search, in UTF-16 code units. Source: Discord, 512. */
export const maxQueryLength = 512
/** Results of one page. Source: Discord, 25. */
export const searchPageSize = 25
const maxSearchPageSize = 50

/** A part of a snippet; matches are highlighted. */
const SnippetPart = z.object({ text: z.string(), isMatch: z.boolean() })
export type SnippetPart = z.infer<typeof SnippetPart>

export const FoundMessage = z.object({
  message: Message,
  /** The name of the server; empty for a conversation. */
  serverName: z.string(),
  /** The name of the channel or thread, or of the conversation as the viewer sees it. */
  channelName: z.string(),
  isConversation: z.boolean(),
  isThread: z.boolean(),
  /** The text around the first match, followed by the names of files; consecutive parts. */
  snippet: z.array(SnippetPart),
})
export type FoundMessage = z.infer<typeof FoundMessage>

export const SearchResults = z.object({
  /** Newest first. */
  results: z.array(FoundMessage),
  /** The `before` of the next page; `null` on the last page. */
  older: z.string().nullable(),
  /** Set when the time was up: older messages have not been searched. The words are common, but rarely together. */
  lookedBackTo: z.date().nullable(),
  /** Many messages are not indexed yet: the same search may find more soon. */
  isIncomplete: z.boolean(),
})
export type SearchResults = z.infer<typeof SearchResults>

export const searchContract = {
  /**
   * The messages in the viewer's servers, threads and conversations that contain all words of `query`, newest first, in any
   * form. A "phrase" matches exact words in a row, wild* the beginning of a word, -word excludes; from:, in:, has:, before:, after:, on: and mentions: filter. Case,
   * accents and character width are ignored. `zone` (such as `Europe/Berlin`) decides when days begin.
   * Fails: 401, 400 (the issue of `query` says what is wrong), 429.
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
        .regex(/^\d{1,16}$/, "Use the value of `older` of an earlier page")
        .optional(),
      zone: z.string().max(64).optional(),
    }),
    output: SearchResults,
    meta: { bots: true },
  }),
}
