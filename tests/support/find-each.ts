import type { Database } from "../../src/db/database.ts"
import { toDocument } from "../../src/features/search/document.ts"
import { conditionOf } from "../../src/features/search/resolve.ts"
import { loadStems } from "../../src/features/search/stems.ts"
import { parseQuery } from "../../src/features/search/syntax.ts"
import { anyTerm, type WordIndex } from "../../src/features/search/word-index.ts"
import type { searches } from "./corpora/searches.ts"

/** Indexes the text of each search, and says whether it is found. */
export async function findEach({ db, commits }: Database, words: WordIndex, all: typeof searches) {
  const stems = await loadStems()
  await commits.decide(async (tx) => {
    for (const [at, [, content]] of all.entries()) {
      const place = { serverId: "s", channelId: `c${at}`, parentId: null }
      await words.insert(tx, toDocument(at + 1, { content, extras: null, userId: "u" }, place, stems))
    }
  })
  return Promise.all(
    all.map(async ([query, text], at): Promise<(typeof searches)[number]> => {
      const { phrases, without } = parseQuery(query)
      const required = [anyTerm([`cc${at}`]), ...phrases.map((one) => conditionOf(one, stems))]
      const excluded = without.map((one) => conditionOf(one, stems))
      return [query, text, await words.hasMore(db, { required, excluded }, 0)]
    }),
  )
}
