import type { Message } from "../messages/contract.ts"
import { shorten } from "../messages/excerpt.ts"
import type { SnippetPart } from "./contract.ts"
import { searchedText } from "./document.ts"
import { type Word, wordsIn } from "./words.ts"

/** Of a message among results, in UTF-16 code units; and how much of that may stand before what was found. */
const maxSnippet = 280
const maxBefore = 80

interface Stretch {
  start: number
  end: number
}

/** What a message says about where it fits, with that standing out. */
export function snippetOf(message: Pick<Message, "content" | "extras">, phrases: string[][]): SnippetPart[] {
  const text = searchedText(message)
  const words = wordsIn(text)
  const matches = together(phrases.flatMap((phrase) => stretchesOf(phrase, words)))
  const start = startFor(matches[0]?.start ?? 0, words)
  const shown = shorten(text.slice(start), maxSnippet)
  const end = start + shown.length

  const parts: SnippetPart[] = start > 0 ? [{ text: "…", isMatch: false }] : []
  let at = start
  for (const match of matches) {
    if (match.end > end) break
    parts.push({ text: text.slice(at, match.start), isMatch: false })
    parts.push({ text: text.slice(match.start, match.end), isMatch: true })
    at = match.end
  }
  parts.push({ text: shown.slice(at - start), isMatch: false })
  return parts.filter((part) => part.text !== "")
}

/** Where a phrase stands among the words of a text. */
function stretchesOf(phrase: string[], words: Word[]): Stretch[] {
  const found: Stretch[] = []
  for (let at = 0; at + phrase.length <= words.length; at++) {
    if (!phrase.every((word, i) => words[at + i]?.word === word)) continue

    found.push({ start: words[at]?.start ?? 0, end: words[at + phrase.length - 1]?.end ?? 0 })
  }
  return found
}

/** In the order of the text; those that touch or overlap are one. */
function together(stretches: Stretch[]): Stretch[] {
  const merged: Stretch[] = []
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

/** The beginning of a text where what was found is near it, else of a word a little before that. */
function startFor(found: number, words: Word[]): number {
  if (found <= maxBefore) return 0

  return words.find(({ start }) => start >= found - maxBefore)?.start ?? found
}
