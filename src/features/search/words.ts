/**
 * Scripts written without spaces between words. Each letter is indexed as a word, so that any part of a text is found as
 * a phrase, single letters too. Hangul has spaces, but its particles are attached to the words before them.
 */
const unspaced = String.raw`[[\p{L}\p{N}]&&[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]`

/** Characters that belong to the letter before them: accents, half-width voicing marks, joiners, soft hyphens. */
const marks = String.raw`[\p{M}\u{ff9e}\u{ff9f}\u{200c}\u{200d}\u{ad}]`

const words = new RegExp(
  String.raw`${unspaced}${marks}*|(?:[[\p{L}\p{N}]--${unspaced}]${marks}*)+|\p{RI}{2}|\p{Extended_Pictographic}`,
  "gv",
)
/** The fast path for ASCII text. */
const asciiWords = /[A-Za-z0-9]+/g

/**
 * Marks that are often left out in writing: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Marks of
 * other scripts distinguish words.
 */
const optional =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200c\u00ad]|\u200d/g

/** Letters that are often typed as others, without a decomposition in Unicode. */
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

/** A folded word, and its range in the text in UTF-16 code units. */
export interface Word {
  word: string
  start: number
  end: number
}

/** The words of a text in `NFC`. Used for queries and for messages, so that words match when they fold to the same. */
export function wordsIn(text: string): Word[] {
  return Array.from(text.matchAll(isAscii(text) ? asciiWords : words), ({ 0: found, index }) => ({
    word: fold(found),
    start: index,
    end: index + found.length,
  })).filter(({ word }) => word !== "")
}

/** Removes differences of case, width and accents. */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (isAscii(lower)) return lower

  return lower
    .normalize("NFKD")
    .replace(optional, "")
    .normalize("NFKC")
    .replace(typedOtherwise, (letter) => typedAs[letter] ?? letter)
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
  return /^[\x00-\x7f]*$/.test(text)
}
