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
  const opened = text.match(/[\u2066\u2068]/g)?.length ?? 0
  return text + "\u2069".repeat(Math.max(0, opened - (text.match(/\u2069/g)?.length ?? 0)))
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
