import { wordsIn } from "../search/words.ts"

/** Longest keyword, in words: a name, or a short phrase. */
export const maxKeywordWords = 4

/** Normalizes a keyword: ignores case, accents and the characters between words. */
export function foldKeyword(text: string): string {
  return wordsOf(text).join(" ")
}

/** All that could be a keyword in a text. */
export function keywordsIn(text: string): Set<string> {
  const words = wordsOf(text)
  const found = new Set<string>()
  for (let length = 1; length <= maxKeywordWords; length++) {
    for (let i = 0; i + length <= words.length; i++) found.add(words.slice(i, i + length).join(" "))
  }
  return found
}

function wordsOf(text: string): string[] {
  return wordsIn(text.normalize("NFC")).map(({ word }) => word)
}
