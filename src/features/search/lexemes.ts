import type { Condition, IndexDocument, Match } from "./word-index.ts"

// Lexemes are what Postgres indexes. It gets ours, since its own parser knows neither emoji nor languages without spaces.

/** Stands before a term. No word has it: they are divided where it stands, like those of FTS5. */
const termMark = ":"
/** A lexeme that no message has. */
const nothing = `${termMark}0`
/** Longest lexeme, in UTF-16 code units. Postgres takes 2046 bytes; longer ones are represented by a hash. */
const maxLexeme = 500

/** What Postgres is asked for: lexemes and their absence, and rows of words that must or must not be there. */
export function toQuery({ required, excluded }: Match) {
  const conditions = [
    ...required.map((one) => lexemesOf(one) || quote(nothing)),
    // A phrase without words excludes nothing.
    ...excluded.filter((one) => lexemesOf(one) && !rowOf(one)).map((one) => `!(${lexemesOf(one)})`),
  ]
  return {
    conditions: conditions.map((one) => `(${one})`).join(" & "),
    phrases: JSON.stringify(required.flatMap((one) => rowOf(one) ?? [])),
    excluded: JSON.stringify(excluded.flatMap((one) => rowOf(one) ?? [])),
  }
}

/** The lexemes that a condition is about, as a query; empty for a phrase without words. */
function lexemesOf(condition: Condition): string {
  if ("prefix" in condition) return `${quote(condition.prefix)}:*`
  if ("phrase" in condition) return lexemesIn(condition.phrase.join(" ")).map(quote).join(" & ")

  const words = "word" in condition ? lexemesIn(condition.word) : []
  return [...words, ...condition.terms.map((term) => termMark + term)].map(quote).join(" | ")
}

/** The words of a phrase in a row, as in `search_words`; `undefined` where one lexeme says all. */
function rowOf(condition: Condition): string | undefined {
  if (!("phrase" in condition)) return undefined

  const lexemes = lexemesIn(condition.phrase.join(" "))
  return lexemes.length < 2 ? undefined : ` ${lexemes.join(" ")} `
}

/** A message in `search_words`. */
export function toWords({ body, facts }: IndexDocument): string {
  return [...lexemesIn(body), ...facts.split(" ").map((term) => termMark + term)].join(" ")
}

/** The lexemes in folded words, as FTS5 makes them: some characters fold to several with spaces or brackets. */
function lexemesIn(words: string): string[] {
  return words
    .split(/[\0-/:-@[-`{-\x7f]+/)
    .filter((word) => word !== "")
    .map((word) => shorten(word.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())))
}

function shorten(word: string): string {
  return word.length <= maxLexeme ? word : word.slice(0, maxLexeme) + termMark + Bun.hash(word).toString(36)
}

function quote(lexeme: string): string {
  return `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
}
