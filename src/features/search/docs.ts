import type { ProcedureDocs } from "../api/doc.ts"
import { sampleMessage } from "../api/sample.ts"
import { maxQueryLength, type searchContract, searchPageSize } from "./contract.ts"

const wrong = "There is no has:video. There are has:link, has:image and has:file"

export const searchDocs: ProcedureDocs<typeof searchContract> = {
  searchMessages: {
    summary: "Messages in which something is said, of all that one may read, newest first",
    description: [
      "All words must be in a message, in any order: whole words, without regard to case and accents. Chinese, Japanese, Korean and Thai are found by any part.",
      '"Words in quotation marks" are found as they stand; -word and -"a phrase" exclude.',
      "from:name, in:#channel (or a server's or conversation's name), has:link, has:image, has:file, before:2026-01-31, after:2026-01-31, on:2026-01-31 and mentions:name narrow it down, also without any word; me is oneself, today and yesterday are days. Of several from: or in: each will do.",
      "Where common words are in few messages together or in none, one page looks through a part of what there is: `lookedBackTo` says how far it got, and `older` goes on from there, also when nothing was found.",
      "A message is found some moments after it was sent, and never after it was deleted or by what it said before an edit. What spoilers hide is not searched.",
    ].join(" "),
    fails: { 400: "the query cannot be understood: `issues` say why, in words" },
    fields: {
      query: `At most ${maxQueryLength} characters`,
      limit: `Default: ${searchPageSize}`,
      before: "What the page before said is `older`",
      zone: "Where days begin, such as Europe/Berlin. Default: that of one’s settings, else UTC",
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
        summary: "A query that cannot be understood",
        input: { query: "has:video" },
        error: { code: 400, message: wrong, issues: [{ path: "query", message: wrong }] },
      },
    ],
  },
}
