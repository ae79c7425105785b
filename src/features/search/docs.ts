import type { ProcedureDocs } from "../api/doc.ts"
import { sampleMessage } from "../api/sample.ts"
import { maxQueryLength, type searchContract, searchPageSize } from "./contract.ts"

const wrong = "Unknown filter has:video. Use has:link, has:image, has:file or has:poll"

export const searchDocs: ProcedureDocs<typeof searchContract> = {
  searchMessages: {
    summary: "Searches the messages that you may read, newest first",
    description: [
      "A message must contain all words, in any order, ignoring case and accents: each as it is, in another form (`deploy` finds deployed), or as a part of a name (`camel` finds camelCase). Chinese, Japanese, Korean and Thai match in any part.",
      '"Words in quotation marks" must follow each other exactly; wild* finds words that begin so; -word and -"a phrase" exclude.',
      "Filters, with or without words: from:name, in:#channel (or a server's or conversation's name), has:link, has:image, has:file, before:2026-01-31, after:2026-01-31, on:2026-01-31 and mentions:name. `me` is yourself, in mentions: with your roles; `today` and `yesterday` are days. Several from: or in: filters are alternatives.",
      "When few or no messages contain all of several common words, one page searches only a part of the history: `lookedBackTo` says how far back, and `older` continues from there, also after a page without results.",
      "A message is found some moments after it was sent. Deleted messages and earlier versions of edited ones are not found. Text in spoilers is found, but not part of `snippet`.",
    ].join(" "),
    fails: { 400: "the query is invalid: `issues` say why" },
    fields: {
      query: `At most ${maxQueryLength} characters`,
      limit: `Default: ${searchPageSize}`,
      before: "The value of `older` on the previous page",
      zone: "The time zone of days, such as Europe/Berlin. Default: that of your settings, else UTC",
    },
    examples: [
      {
        input: { query: "hello from:alice in:#general" },
        output: {
          results: [
            {
              message: sampleMessage,
              serverName: "Lab",
              channelName: "general",
              isConversation: false,
              isThread: false,
              snippet: [
                { text: "Hello", isMatch: true },
                { text: "!", isMatch: false },
              ],
            },
          ],
          older: null,
          lookedBackTo: null,
          isIncomplete: false,
        },
      },
      {
        summary: "An invalid query",
        input: { query: "has:video" },
        error: { code: 400, message: wrong, issues: [{ path: "query", message: wrong }] },
      },
    ],
  },
}
