import type { Inline, Names } from "./tree.ts"

const name = /@[\w.-]{1,64}/y
const wordCharacter = /[\p{L}\p{N}_]/u

/** The mention that begins with the `@` at `start`. Dots and dashes at the end belong to the sentence, unless the name has them. */
export function personAt(text: string, start: number, { people }: Names) {
  if (people.size === 0) return undefined

  name.lastIndex = start
  for (const written of nameCandidates(name.exec(text)?.[0] ?? "")) {
    const userId = people.get(written.slice(1).toLowerCase())
    if (userId !== undefined) return { kind: "mention", userId, text: written } satisfies Inline
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

/** What a text may mention. `people`: ids by name, in lower case. */
export function namesOf(people: Names["people"], channels: { id: string; name: string }[]): Names {
  const longestFirst = channels.toSorted((a, b) => b.name.length - a.name.length)
  return { people, channels: longestFirst.map((channel) => ({ ...channel, lower: foldCase(channel.name) })) }
}

/** The channel mention that begins with the `#` at `start` of a text in folded case. */
export function channelAt(text: string, start: number, { channels }: Names) {
  const found = channels.find(({ lower }) => {
    return text.startsWith(lower, start + 1) && !wordCharacter.test(text[start + 1 + lower.length] ?? "")
  })
  if (!found) return undefined

  const { id: channelId, name } = found
  return { kind: "channel", channelId, text: `#${name}` } satisfies Inline
}
