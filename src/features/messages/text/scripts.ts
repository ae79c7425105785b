/** Letters of scripts that are written without spaces between words, or whose particles are attached to a word. */
const unspacedLetter =
  /[[\p{L}\p{N}\p{M}]&&[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Yiii}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Java}]]/v
/** Other characters of these scripts, such as full-width punctuation. Source: Unicode blocks, CJK radicals to half-width forms. */
const amongUnspaced =
  /[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]/
const anyLetter = /[\p{L}\p{N}\p{M}]/u
/** Scripts between which a word ends although no space does: a particle in Hiragana follows a name in Han. */
const families = [/\p{sc=Hira}/u, /\p{sc=Kana}/u, /\p{sc=Hani}/u, /\p{sc=Hang}/u]

/** The character before a place; empty at the start. */
export function before(text: string, at: number): string {
  const last = text.charCodeAt(at - 1)
  const isPair = last >= 0xdc00 && last <= 0xdfff
  return text.slice(Math.max(0, at - (isPair ? 2 : 1)), at)
}

/** The character at a place; empty at the end. */
export function after(text: string, at: number): string {
  const code = text.codePointAt(at)
  return code === undefined ? "" : String.fromCodePoint(code)
}

/** May a word begin or end beside this letter without a space? */
export function isUnspaced(character: string): boolean {
  return character > "\u0dff" && unspacedLetter.test(character)
}

/** Does it belong to texts that are written without spaces? Also punctuation does. */
export function isAmongUnspaced(character: string): boolean {
  return amongUnspaced.test(character) || isUnspaced(character)
}

/** Does it belong to the word beside it? Letters, digits and marks do, except those of scripts without spaces. */
export function continuesWord(character: string): boolean {
  return anyLetter.test(character) && !isUnspaced(character)
}

/** Does a word that ends with `last` end before `next`? `false` where that cannot be known. */
export function isWordEnd(last: string, next: string): boolean {
  if (next === "_" || continuesWord(next)) return false
  return !isUnspaced(last) || !isUnspaced(next) || families.some((one) => one.test(last) !== one.test(next))
}
