import { Refusal } from "../../kernel/index.ts"
import { isDay } from "../rooms/days.ts"
import { type Word, wordsIn } from "./words.ts"

/** The operators: they stand before a colon. */
export const operators = ["from", "in", "has", "before", "after", "on", "mentions"] as const
type Operator = (typeof operators)[number]

/** The values of `has:`. */
export const contentKinds = ["link", "image", "file", "poll"] as const
export type ContentKind = (typeof contentKinds)[number]

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T =>
  (list as readonly string[]).includes(text)

/** Common misspellings, and the names that other chats use. */
const corrections: Record<string, Operator> = {
  author: "from",
  form: "from",
  frm: "from",
  user: "from",
  channel: "in",
  server: "in",
  contains: "has",
  mention: "mentions",
  mentioned: "mentions",
  until: "before",
  since: "after",
  date: "on",
  during: "on",
}

/** A parsed search. */
export interface SearchQuery {
  /** The text must contain all of them. */
  phrases: Phrase[]
  /** The text must not contain any of them. */
  without: Phrase[]
  filters: Filter[]
}

/** Words in a row. */
export interface Phrase {
  words: string[]
  /**
   * How a single word matches: in all its `forms`, at the `start` of longer words too (`wild*`), or `exact`, as phrases
   * always do.
   */
  match: "exact" | "forms" | "start"
  /** With `forms`: the word as it was written, in lower case. */
  written?: string
}

/** `from:bob`, or `-from:bob` when it is excluded. */
export interface Filter {
  operator: Operator
  value: string
  isExcluded: boolean
}

const names = operators.join("|")
const terms = new RegExp(
  `(?<minus>-)?(?:(?<empty>${names})[:：]\\s*$|(?:(?<operator>${names})[:：]\\s*)?(?:"(?<quoted>[^"]*)"|(?<word>[^\\s"]+)))|(?<stray>")`,
  "gi",
)

/** Refuses a search with an issue of the field `query`. */
export function refuseQuery(message: string): never {
  throw new Refusal(message, 400, { issues: [{ path: "query", message }] })
}

/** Parses a search. Fails: 400, with what is wrong and what would work. */
export function parseQuery(text: string): SearchQuery {
  const query: SearchQuery = { phrases: [], without: [], filters: [] }
  const straight = text.normalize("NFC").replaceAll(/[“”„‟＂]/g, '"')
  for (const { groups = {} } of straight.matchAll(terms)) {
    const { operator, quoted, word, empty, stray } = groups
    if (stray) refuseQuery('A quotation mark (") is missing. Close the phrase, or remove the mark')
    if (empty) refuseQuery(`Add a value after ${empty.toLowerCase()}: ${exampleOf(empty)}`)

    const isExcluded = groups.minus !== undefined
    if (operator) {
      query.filters.push(filterOf(operator.toLowerCase() as Operator, quoted ?? word ?? "", isExcluded))
      continue
    }
    if (word !== undefined) refuseMistaken(word)
    const phrase = quoted === undefined ? phraseOf(word ?? "") : exactly(wordsIn(quoted))
    if (phrase.words.length > 0) (isExcluded ? query.without : query.phrases).push(phrase)
  }
  const both = query.phrases.find((phrase) => query.without.some((other) => isSame(phrase, other)))
  if (both) refuseQuery(`“${both.words.join(" ")}” is both searched for and excluded`)
  if (query.phrases.length + query.without.length + query.filters.length === 0) {
    refuseQuery("Nothing to search for. Write a word, a number or an emoji")
  }
  return query
}

/** Fewer letters would begin too many words to look up. */
const minPrefix = 3
/** Longer words are found whole. */
const maxPrefix = 100
/** Languages without spaces are indexed letter by letter: words have no beginning. */
const oneLetter = /^\P{ASCII}.?$/su

/** A word without quotation marks. Separators in it divide it into several words, which must follow each other. */
function phraseOf(text: string): Phrase {
  const words = wordsIn(text)
  const [only] = words
  if (!only || words.length > 1) return exactly(words)

  const { word, written } = only
  if (!/^[^*]+\*$/.test(text) || oneLetter.test(word)) return { words: [word], match: "forms", written }
  if (word.length < minPrefix) {
    refuseQuery(`Write at least ${minPrefix} letters before *: “${text}” would find too many words`)
  }
  return { words: [word], match: word.length <= maxPrefix ? "start" : "exact" }
}

function exactly(words: Word[]): Phrase {
  return { words: words.map(({ word }) => word), match: "exact" }
}

function isSame(one: Phrase, other: Phrase): boolean {
  return one.match === other.match && one.words.join(" ") === other.words.join(" ")
}

function filterOf(operator: Operator, written: string, isExcluded: boolean): Filter {
  const value = written.trim()
  if (value === "") refuseQuery(`Add a value after ${operator}: ${exampleOf(operator)}`)

  if (operator === "has") return { operator, value: contentKindOf(value), isExcluded }
  if (operator !== "before" && operator !== "after" && operator !== "on")
    return { operator, value, isExcluded }

  const day = value.toLowerCase()
  if (!isPlausible(day) && day !== "today" && day !== "yesterday") {
    refuseQuery(
      `“${value}” is not a date. Write year, month and day, as in ${operator}:2026-01-31, or today or yesterday`,
    )
  }
  if (isExcluded) refuseQuery(`Dates cannot be excluded. Use before: or after: instead of -${operator}:`)
  return { operator, value: day, isExcluded }
}

/** Days outside these years are not safe in every time zone. */
function isPlausible(day: string): boolean {
  return isDay(day) && day >= "1970" && day < "9999"
}

function contentKindOf(value: string): ContentKind {
  const kind = value.toLowerCase().replace(/s$/, "")
  if (isOneOf(contentKinds, kind)) return kind

  return refuseQuery(`Unknown filter has:${value}. Use has:link, has:image, has:file or has:poll`)
}

/** A mistyped operator would be searched for as text and find nothing, without saying why. */
function refuseMistaken(word: string): void {
  const [, name = ""] = word.match(/^(\p{L}+)[:：]/u) ?? []
  const correction = Object.hasOwn(corrections, name.toLowerCase()) && corrections[name.toLowerCase()]
  if (correction) {
    refuseQuery(
      `Unknown filter ${name}: – use ${correction}: ${exampleOf(correction)}. To search for the text itself, put it in quotation marks`,
    )
  }
}

function exampleOf(operator: string): string {
  return examples[operator.toLowerCase() as Operator]
}

const examples: Record<Operator, string> = {
  from: "the author, as in from:alice or from:me",
  in: "a channel or server, as in in:#general",
  has: "link, image, file or poll, as in has:link",
  before: "a day, as in before:2026-01-31",
  after: "a day, as in after:2026-01-31",
  on: "a day, as in on:2026-01-31",
  mentions: "a user, as in mentions:alice or mentions:me",
}
