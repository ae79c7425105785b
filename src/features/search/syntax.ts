import { Refusal } from "../../kernel/index.ts"
import { isDay } from "../rooms/days.ts"
import { wordsIn } from "./words.ts"

/** What can stand before a colon, with what comes after it. */
export const operators = ["from", "in", "has", "before", "after", "on", "mentions"] as const
type Operator = (typeof operators)[number]

/** What `has:` knows. */
export const contents = ["link", "image", "file"] as const
export type SearchContent = (typeof contents)[number]

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T =>
  (list as readonly string[]).includes(text)

/** What people write who learned it elsewhere, or were in a hurry. */
const meant: Record<string, Operator> = {
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

/** What somebody looks for, as they wrote it. */
export interface Query {
  /** Words in a row, each time: all of them are in the text. */
  phrases: string[][]
  /** None of these is in it. */
  without: string[][]
  filters: Filter[]
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

/** Says what is wrong with a search, at the field where it was made. */
export function refuseQuery(message: string): never {
  throw new Refusal(message, 400, { issues: [{ path: "query", message }] })
}

/** Takes a search apart. Throws a `Refusal` that says what is wrong and what would work. */
export function parseQuery(text: string): Query {
  const query: Query = { phrases: [], without: [], filters: [] }
  const straight = text.normalize("NFC").replaceAll(/[“”„‟＂]/g, '"')
  for (const { groups = {} } of straight.matchAll(terms)) {
    const { operator, quoted, word, empty, stray } = groups
    if (stray) refuseQuery('A quotation mark (") has no partner. Close the phrase, or leave the mark out')
    if (empty) refuseQuery(`Something is missing after ${empty.toLowerCase()}: ${exampleOf(empty)}`)

    const isExcluded = groups.minus !== undefined
    if (operator) {
      query.filters.push(filterOf(operator.toLowerCase() as Operator, quoted ?? word ?? "", isExcluded))
      continue
    }
    if (word !== undefined) refuseMistaken(word)
    const phrase = wordsIn(quoted ?? word ?? "").map((one) => one.word)
    if (phrase.length > 0) (isExcluded ? query.without : query.phrases).push(phrase)
  }
  const both = query.phrases.find((phrase) =>
    query.without.some((other) => other.join(" ") === phrase.join(" ")),
  )
  if (both) refuseQuery(`“${both.join(" ")}” is looked for and excluded at once: nothing is both`)
  if (query.phrases.length + query.without.length + query.filters.length === 0) {
    refuseQuery("There is nothing here that can be looked for. Write a word, a number or an emoji")
  }
  return query
}

function filterOf(operator: Operator, written: string, isExcluded: boolean): Filter {
  const value = written.trim()
  if (value === "") refuseQuery(`Something is missing after ${operator}: ${exampleOf(operator)}`)

  if (operator === "has") return { operator, value: contentOf(value), isExcluded }
  if (operator !== "before" && operator !== "after" && operator !== "on")
    return { operator, value, isExcluded }

  const day = value.toLowerCase()
  if (!isPlausible(day) && day !== "today" && day !== "yesterday") {
    refuseQuery(
      `“${value}” is no day. Write it as year, month and day, as in ${operator}:2026-01-31, or today or yesterday`,
    )
  }
  if (isExcluded) refuseQuery(`A day cannot be excluded: instead of -${operator}: take before: or after:`)
  return { operator, value: day, isExcluded }
}

/** Calendars and clocks agree on it, wherever one is. */
function isPlausible(day: string): boolean {
  return isDay(day) && day >= "1970" && day < "9999"
}

function contentOf(value: string): SearchContent {
  const content = value.toLowerCase().replace(/s$/, "")
  if (isOneOf(contents, content)) return content

  return refuseQuery(`There is no has:${value}. There are has:link, has:image and has:file`)
}

/** What looks like an operator and is none would find nothing, and nobody would know why. */
function refuseMistaken(word: string): void {
  const [, name = ""] = word.match(/^(\p{L}+)[:：]/u) ?? []
  const instead = Object.hasOwn(meant, name.toLowerCase()) && meant[name.toLowerCase()]
  if (instead) {
    refuseQuery(
      `There is no ${name}: but there is ${instead}: ${exampleOf(instead)}. To find the text itself, put it into quotation marks`,
    )
  }
}

function exampleOf(operator: string): string {
  return examples[operator.toLowerCase() as Operator]
}

const examples: Record<Operator, string> = {
  from: "whose messages, as in from:alice or from:me",
  in: "a channel or server, as in in:#general",
  has: "link, image or file, as in has:link",
  before: "a day, as in before:2026-01-31",
  after: "a day, as in after:2026-01-31",
  on: "a day, as in on:2026-01-31",
  mentions: "who is mentioned, as in mentions:alice or mentions:me",
}
