import { joint } from "../messages/text/plain.ts"

/** The version of all rules by which messages become words. With a new one, all are indexed again (`renewal.ts`). */
export const wordsVersion = 3

/**
 * Scripts written without spaces between words. Each letter is indexed as a word, so that any part of a text is found as
 * a phrase, single letters too. Hangul has spaces, but its particles are attached to the words before them.
 */
const unspaced = String.raw`[[\p{L}\p{N}]&&[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]`

/** Characters that belong to the letter before them: accents, half-width voicing marks, joiners, soft hyphens. */
const marks = String.raw`[\p{M}\u{ff9e}\u{ff9f}\u{200c}\u{200d}\u{ad}${joint}]`

/**
 * Numbers with points, as in versions and times, are words of their own whatever letters are beside them, and so is the
 * day before a time: `1.2` is found in `v1.2rc1`, and `2026-01-31` in `2026-01-31T10:00Z`.
 */
const numbers = String.raw`\d+(?=[.:]\d)|(?<=\d[.:])\d+|(?<=\d-)\d\d(?=[Tt]\d)|\d{8}(?=[Tt]\d{4})|[A-Za-z]+(?=\d+[.:]\d)`

const words = new RegExp(
  String.raw`${numbers}|${unspaced}${marks}*|(?:[[\p{L}\p{N}]--${unspaced}]${marks}*)+|\p{RI}{2}|\p{Extended_Pictographic}`,
  "gv",
)
/** The fast path for ASCII text. */
const asciiWords = new RegExp(`${numbers}|[A-Za-z0-9]+`, "g")

/**
 * Marks that are often left out in writing: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Marks of
 * other scripts distinguish words.
 */
const optional =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200c\u2060\u00ad]|\u200d/g

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
/** Separators of words in the index: some characters fold to several with spaces or brackets. */
const dividers = /[\0-/:-@[-`{-\x7f]+/
const joints = new RegExp(joint, "g")

/** A folded word, and its range in the text in UTF-16 code units. */
export interface Word {
  word: string
  /** As it was written, in lower case. */
  written: string
  /** Its parts, when it is a name of several words such as `camelCaseName`. */
  parts: string[]
  /** Some of its parts in a row: `camelcase`. */
  joined: string[]
  start: number
  end: number
}

/** The words of a text in `NFC`. Used for queries and for messages, so that words match when they fold to the same. */
export function wordsIn(text: string): Word[] {
  const found: Word[] = []
  for (const { 0: match, index } of text.matchAll(isAscii(text) ? asciiWords : words)) {
    const written = match.toLowerCase().replace(joints, "")
    const parts = partsOf(match)
    const last = found.at(-1)
    // The `v1` of `v1.2`, whose number is a word of its own.
    if (last?.end === index && /\d$/.test(written) && /^[a-z]+$/.test(last.word))
      last.joined.push(last.word + written)
    for (const word of foldedWords(match)) {
      found.push({ word, written, ...parts, start: index, end: index + match.length })
    }
  }
  return found
}

function foldedWords(found: string): string[] {
  const word = fold(found)
  return dividers.test(word) ? word.split(dividers).filter(Boolean) : word === "" ? [] : [word]
}

/** A word with several kinds of letters, or formatted in part. */
const compound = new RegExp(`[\\p{Ll}\\d]\\p{Lu}|\\p{Lu}{2}\\p{Ll}|\\p{L}\\d|\\d\\p{L}|${joint}.`, "u")
const pieces = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\d+|[\p{L}\p{N}\p{M}]/gu
/** A part like a word. Without one, it is rather a key, or a number with its unit. */
const wordLike = /\p{L}{3}/u
/** Names of more parts are rather random letters. */
const maxParts = 8
/** Parts of names of more parts are found alone only. */
const maxJoined = 5
const minPart = 2

/** Most words: the test for others takes longer. */
const simple = /^(?:[A-Z]?[a-z]+|[0-9]+)$/

function partsOf(found: string): Pick<Word, "parts" | "joined"> {
  if (simple.test(found) || !compound.test(found)) return { parts: [], joined: [] }

  const all = found.split(joint).flatMap((piece) => piece.match(pieces) ?? [])
  if (all.length < 2 || all.length > maxParts || !all.some((one) => wordLike.test(one)))
    return { parts: [], joined: [] }

  const runs = all.length > maxJoined ? [] : all.flatMap((_, from) => runsFrom(all, from))
  return { parts: distinct(all), joined: distinct(runs) }
}

/** Some of the parts in a row, but not all. */
function runsFrom(all: string[], from: number): string[] {
  const ends = all.keys().filter((to) => to > from && to - from < all.length - 1)
  return Array.from(ends, (to) => all.slice(from, to + 1).join(""))
}

function distinct(parts: string[]): string[] {
  return [...new Set(parts.map(fold))].filter((part) => part.length >= minPart)
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
