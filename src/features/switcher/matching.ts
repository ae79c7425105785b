/** Fewer than that, one after another, are in almost any name. */
const minLetters = 3

/** Text without what people leave out when they look for it: case, accents, the difference of `ß` and `ss`. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase().toLowerCase()
}

/**
 * How well a name fits what was asked, both folded: the lower, the better, `undefined` not at all. What a name is in,
 * its server say, may be named along with it.
 */
export function matchOf(name: string, asked: string, context = ""): number | undefined {
  if (name === asked || asked === "") return 0
  if (name.startsWith(asked)) return 1
  const words = wordsOf(name)
  if (words.some((word) => word.startsWith(asked))) return 2
  if (name.includes(asked)) return 3

  const parts = wordsOf(asked)
  const around = [...words, ...wordsOf(context)]
  const isNamed = parts.some((part) => words.some((word) => word.startsWith(part)))
  if (isNamed && parts.every((part) => around.some((word) => word.startsWith(part)))) return 4

  return hasInOrder(name, words, parts.join("")) ? 5 : undefined
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}

/** Are these letters in it, one after another, the first of them at the beginning of a word? */
function hasInOrder(name: string, words: string[], letters: string): boolean {
  const first = letters.slice(0, 1)
  if (letters.length < minLetters || !words.some((word) => word.startsWith(first))) return false

  let at = -1
  for (const letter of letters) {
    at = name.indexOf(letter, at + 1)
    if (at < 0) return false
  }
  return true
}
