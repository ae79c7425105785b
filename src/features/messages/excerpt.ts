import type { Message } from "./contract.ts"
import { summaryOf } from "./render.ts"
import { graphemesOf } from "./text/graphemes.ts"

/** In UTF-16 code units. */
const maxExcerptLength = 120

/** The start of a message's text on one line, without spoilers; without text, a summary such as a file's name. */
export function excerptOf(message: Pick<Message, "content" | "extras">): string {
  return closeIsolates(shorten(summaryOf(message), maxExcerptLength))
}

/** Closes directional isolates (`text/plain.ts`) that were cut open, or they would reorder the text that follows. */
function closeIsolates(text: string): string {
  let open = 0
  for (const [control] of text.matchAll(/[\u2066-\u2069]/g))
    open = Math.max(0, open + (control === "\u2069" ? -1 : 1))
  return text + "\u2069".repeat(open)
}

/** Cuts a text to `maxLength` UTF-16 code units, between grapheme clusters, and adds an ellipsis. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text

  let end = 0
  for (const { index, segment } of graphemesOf(text)) {
    if (index + segment.length > maxLength - 1) break
    end = index + segment.length
  }
  return `${text.slice(0, end).trimEnd()}…`
}
