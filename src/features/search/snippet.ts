import type { Message } from "../messages/contract.ts"
import { shorten } from "../messages/excerpt.ts"
import { hiddenText } from "../messages/text/plain.ts"
import type { SnippetPart } from "./contract.ts"
import { snippetText } from "./document.ts"
import type { Stems } from "./stems.ts"
import type { Phrase } from "./syntax.ts"
import { type Word, wordsIn } from "./words.ts"

/** Longest snippet, and most text before its first match; in UTF-16 code units. */
const maxSnippetLength = 280
const maxLengthBefore = 80

/** A range of a text, in UTF-16 code units; `end` is exclusive. */
interface TextRange {
  start: number
  end: number
}

/** The text of a message around its first match, with all matches marked. */
export function snippetOf(
  message: Pick<Message, "content" | "extras">,
  phrases: Phrase[],
  stems: Stems,
): SnippetPart[] {
  const text = snippetText(message)
  const words = wordsIn(text)
  const isForm = stems.compare(words)
  const found = phrases.flatMap((phrase) => findPhrase(phrase, words, isForm))
  // Matches only inside a spoiler are hidden.
  const matches = merged(found.length > 0 || phrases.length === 0 ? found : spoilersIn(text))
  const start = startNear(matches[0]?.start ?? 0, words)
  const snippet = shorten(text.slice(start), maxSnippetLength)
  const end = start + snippet.length

  const parts: SnippetPart[] = start > 0 ? [{ text: "…", isMatch: false }] : []
  let at = start
  for (const match of matches) {
    if (match.end > end) break
    parts.push({ text: text.slice(at, match.start), isMatch: false })
    parts.push({ text: text.slice(match.start, match.end), isMatch: true })
    at = match.end
  }
  parts.push({ text: snippet.slice(at - start), isMatch: false })
  return parts.filter((part) => part.text !== "")
}

/** The occurrences of a phrase among the words of a text. */
function findPhrase(
  phrase: Phrase,
  words: Word[],
  isForm: (word: Word, written: string) => boolean,
): TextRange[] {
  const { words: sought, match, written } = phrase
  const [first = ""] = sought
  const isMatch = ({ word, parts, joined }: Word, wanted: string) =>
    word === wanted || parts.includes(wanted) || joined.includes(wanted)
  if (match === "start")
    return words.filter(({ word, parts, joined }) =>
      [word, ...parts, ...joined].some((one) => one.startsWith(first)),
    )
  if (match === "forms") return words.filter((one) => isMatch(one, first) || isForm(one, written ?? first))

  const ranges: TextRange[] = []
  for (let at = 0; at + sought.length <= words.length; at++) {
    if (!sought.every((word, i) => isMatch(words[at + i] as Word, word))) continue

    ranges.push({ start: words[at]?.start ?? 0, end: words[at + sought.length - 1]?.end ?? 0 })
  }
  return ranges
}

function spoilersIn(text: string): TextRange[] {
  const shown = text.matchAll(new RegExp(RegExp.escape(hiddenText), "g"))
  return Array.from(shown, ({ index }) => ({ start: index, end: index + hiddenText.length }))
}

/** Sorted, with touching and overlapping ranges joined. */
function merged(ranges: TextRange[]): TextRange[] {
  const result: TextRange[] = []
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else result.push({ start, end })
  }
  return result
}

/** Where a snippet starts: at the start of the text when the match is near it, else at a word shortly before it. */
function startNear(match: number, words: Word[]): number {
  if (match <= maxLengthBefore) return 0

  return words.find(({ start }) => start >= match - maxLengthBefore)?.start ?? match
}
