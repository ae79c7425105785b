import { marks } from "./signs.ts"

const punctuation = /[\p{P}\p{S}]/u
const letter = /[\p{L}\p{N}\p{M}]/u
const space = /\s/
/** Scripts that set no spaces between words. Source: Unicode blocks, CJK radicals to half-width forms. */
const unspaced = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\uffef]/

/**
 * Stars between a letter and punctuation, or beside a space, neither open nor close for the parser (CommonMark 0.31,
 * "left-flanking"). Chats are not as strict: `**Note:**this` and `**this **too` are bold. So they get a space that is
 * not there, or a letter that is none. One star alone may be a footnote's: it gets one only where a script sets no
 * spaces.
 */
export function stars(length: number, before: string, after: string, open: Set<number>): string {
  const run = "*".repeat(length)
  const isOpen = open.delete(length)
  if (!isOpen) open.add(length)
  const isUnspaced = unspaced.test(before) || unspaced.test(after)
  if (length === 1 && !isUnspaced) return run

  if (isOpen) {
    if (length === 2 && space.test(before)) return marks.letter + run
    return punctuation.test(before) && letter.test(after) ? run + marks.gap : run
  }
  if (length === 2 && before === "\n" && space.test(after)) return run + marks.letter
  // After a number it is a sum.
  const isWord = letter.test(before) && (isUnspaced || !/\p{N}/u.test(before))
  return isWord && punctuation.test(after) ? marks.gap + run : run
}
