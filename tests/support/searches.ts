import { bodyPhrase } from "../../src/features/search/word-index.ts"
import { expectData, type Person, type TestChat } from "./chat.ts"

type Options = { before?: string; limit?: number; zone?: string }

export const search = async ({ client }: Person, query: string, options: Options = {}) =>
  expectData(await client.query("searchMessages", { query, ...options }))
/** The texts of the messages that a search finds. */
export const foundBy = async (person: Person, query: string, options?: Options) =>
  (await search(person, query, options)).results.map(({ message }) => message.content)

/** Whether the index has a word in more than `count` messages. */
export function hasMore({ chat }: TestChat, word: string, count: number): Promise<boolean> {
  return chat.words.hasMore(chat.db, { required: [bodyPhrase([word])], excluded: [] }, count)
}
