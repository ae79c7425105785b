import { after, before, continuesWord, isWordEnd } from "./scripts.ts"
import type { Inline, LongName, Names } from "./tree.ts"

const name = /@[\w.-]{1,64}/y
/** Behind a name, these make an address or the name of something else: `@a@b.example`, `@a:b.example`, `@types/node`. */
const longer = /@\w|:[\w-]+\.[a-z]|\/[\w-]|-[\p{L}\p{N}]/iuy
/** An address without its scheme, up to the sign of a name: `example.com/@a`. */
const address = /[\w-]\.[a-z]{2,}(?::\d+)?\/(?:[^\s/]{1,40}\/){0,3}$/i
/** Most characters of an address before a name that are looked at. */
const maxBefore = 100

/** May the `@` or `#` at `start` begin a name? Not within a word or an address. */
export function isNameStart(text: string, start: number): boolean {
  const last = before(text, start)
  if (last === "/") return !address.test(text.slice(Math.max(0, start - maxBefore), start))
  return !continuesWord(last)
}

function isNameEnd(text: string, end: number): boolean {
  longer.lastIndex = end
  return isWordEnd(before(text, end), after(text, end)) && !longer.test(text)
}

/** The mention that begins with the `@` at `start`. Dots and dashes at the end belong to the sentence, unless the name has them. */
export function personAt(text: string, start: number, { people }: Names) {
  if (people.size === 0) return undefined

  name.lastIndex = start
  const longest = name.exec(text)?.[0] ?? ""
  for (const written of nameCandidates(longest)) {
    const userId = people.get(written.slice(1).toLowerCase())
    if (userId === undefined) continue

    const isLonger = written.length === longest.length && !isNameEnd(text, start + written.length)
    return isLonger ? undefined : ({ kind: "mention", userId, text: written } satisfies Inline)
  }
}

/** The names that a written one may mean: all of it, or without some of the punctuation at its end. Longest first. */
export function nameCandidates(written: string): string[] {
  const found = written === "" ? [] : [written]
  for (let rest = written; /.[._-]$/.test(rest); found.push(rest)) rest = rest.slice(0, -1)
  return found
}

/** Lower case of the same length, so that positions stay valid: `İ` would become two code units. */
export function foldCase(text: string): string {
  return text.replaceAll("İ", "I").toLowerCase()
}

interface Named {
  id: string
  name: string
}

/** What a text may mention. `people`: ids by name, in lower case. Of roles with the same name, the first one is meant. */
export function namesOf(people: Names["people"], channels: Named[], roles: Named[] = []): Names {
  return { people, channels: longestFirst(channels), roles: longestFirst(roles) }
}

function longestFirst(named: Named[]): LongName[] {
  const sorted = named.toSorted((a, b) => b.name.length - a.name.length)
  return sorted.map(({ id, name }) => ({ id, name, lower: foldCase(name) }))
}

/** The mention of a role that begins with the `@` at `start` of a text in folded case. */
export function roleAt(text: string, start: number, { roles }: Names) {
  const found = longNameAt(text, start, roles)
  return found && ({ kind: "role", roleId: found.id, text: `@${found.name}` } satisfies Inline)
}

/** The channel mention that begins with the `#` at `start` of a text in folded case. */
export function channelAt(text: string, start: number, { channels }: Names) {
  const found = longNameAt(text, start, channels)
  return found && ({ kind: "channel", channelId: found.id, text: `#${found.name}` } satisfies Inline)
}

/** The longest of the names that stands behind `start` and ends there. */
function longNameAt(text: string, start: number, names: readonly LongName[]): LongName | undefined {
  return names.find(({ lower }) => {
    return text.startsWith(lower, start + 1) && isNameEnd(text, start + 1 + lower.length)
  })
}
