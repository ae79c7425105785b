/**
 * Writing without spaces between words: each of its letters is a word of its own, so that any part of a text is found
 * as a phrase, also one of a single letter. Hangul has spaces, but what follows a word in it is tied to the word.
 */
const unspaced = String.raw`[[\p{L}\p{N}]&&[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]`

/** What stands within a word and says nothing alone: accents, half-width voicing, joiners, soft hyphens. */
const marks = String.raw`[\p{M}\u{ff9e}\u{ff9f}\u{200c}\u{200d}\u{ad}]`

const words = new RegExp(
  String.raw`${unspaced}${marks}*|(?:[[\p{L}\p{N}]--${unspaced}]${marks}*)+|\p{RI}{2}|\p{Extended_Pictographic}`,
  "gv",
)
/** The same where nothing else can be in it. */
const asciiWords = /[A-Za-z0-9]+/g

/**
 * Accents of Latin, Greek and Cyrillic, and the points of Hebrew and Arabic: written or left out as one likes. The marks
 * of other scripts are letters in all but name.
 */
const optional =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200c\u00ad]|\u200d/g

/** Letters that are typed as others, and of which Unicode does not say so. */
const typedAs: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ð: "d",
  đ: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  ς: "σ",
}
const typedOtherwise = new RegExp(`[${Object.keys(typedAs).join("")}]`, "g")

/** A word as it is looked for, and where it stands in its text. */
export interface Word {
  word: string
  start: number
  end: number
}

/**
 * The words of a text that `NFC` has been made of. Both what is searched for and what is searched in goes through it:
 * what it makes equal is found.
 */
export function wordsIn(text: string): Word[] {
  return Array.from(text.matchAll(isAscii(text) ? asciiWords : words), ({ 0: found, index }) => ({
    word: fold(found),
    start: index,
    end: index + found.length,
  })).filter(({ word }) => word !== "")
}

/** Without case, width and accents. */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (isAscii(lower)) return lower

  return lower
    .normalize("NFKD")
    .replace(optional, "")
    .normalize("NFKC")
    .replace(typedOtherwise, (letter) => typedAs[letter] ?? letter)
}

/** Most of what is written. */
function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is
  return /^[\x00-\x7f]*$/.test(text)
}
