import type { Message } from "./contract.ts"
import { summaryOf } from "./render.ts"

/** Of a message that is named elsewhere, in UTF-16 code units. */
const maxExcerpt = 120

/** The beginning of what a message says, on one line and without what it hides; a file's name when it is only files. */
export function excerptOf(message: Pick<Message, "content" | "extras">): string {
  return closed(shorten(summaryOf(message), maxExcerpt))
}

/** What reads in its own direction (`text/plain.ts`) ends, or what follows would too. */
function closed(text: string): string {
  let open = 0
  for (const [sign] of text.matchAll(/[\u2066-\u2069]/g))
    open = Math.max(0, open + (sign === "\u2069" ? -1 : 1))
  return text + "\u2069".repeat(open)
}

/** At most so long, cut between what people see as letters. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text

  let end = 0
  for (const { index, segment } of new Intl.Segmenter().segment(text)) {
    if (index + segment.length > maxLength - 1) break
    end = index + segment.length
  }
  return `${text.slice(0, end).trimEnd()}…`
}
