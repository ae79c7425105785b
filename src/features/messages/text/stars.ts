import { marks } from "./signs.ts"

const punctuation = /[\p{P}\p{S}]/u
const letter = /[\p{L}\p{N}\p{M}]/u
/** Scripts that set no spaces between words. Source: Unicode blocks, CJK radicals to half-width forms. */
const unspaced = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\uffef]/

/**
 * Stars between a letter and punctuation neither open nor close for the parser, which expects spaces around words:
 * where a script sets none, they get one that is not there. Source: CommonMark 0.31, "left-flanking".
 */
export function stars(length: number, before: string, after: string, open: Set<number>): string {
  const run = "*".repeat(length)
  const isOpen = open.delete(length)
  if (!isOpen) open.add(length)
  if (!unspaced.test(before) && !unspaced.test(after)) return run

  if (isOpen) return punctuation.test(before) && letter.test(after) ? run + marks.gap : run
  return letter.test(before) && punctuation.test(after) ? marks.gap + run : run
}
