import type { Inline, Names } from "./tree.ts"

const name = /@[\w.-]{1,64}/y
const wordCharacter = /[\p{L}\p{N}_]/u

/** Whom the `@` at `start` names. A name ends before the dots and dashes that end the sentence, unless it has them. */
export function personAt(text: string, start: number, { people }: Names) {
  if (people.size === 0) return undefined

  name.lastIndex = start
  for (const written of spellings(name.exec(text)?.[0] ?? "")) {
    const userId = people.get(written.slice(1).toLowerCase())
    if (userId !== undefined) return { kind: "mention", userId, text: written } satisfies Inline
  }
}

/** What a name may be, of what is written: all of it, or less of the punctuation at its end. */
export function spellings(written: string): string[] {
  const found = written === "" ? [] : [written]
  for (let rest = written; /.[._-]$/.test(rest); found.push(rest)) rest = rest.slice(0, -1)
  return found
}

/** In lower case, and with nothing moved: `İ` alone would become two. */
export function lowered(text: string): string {
  return text.replaceAll("İ", "I").toLowerCase()
}

/** What a text may name: people by their names in lower case, and channels. */
export function namesOf(people: Names["people"], channels: { id: string; name: string }[]): Names {
  const longestFirst = channels.toSorted((a, b) => b.name.length - a.name.length)
  return { people, channels: longestFirst.map((channel) => ({ ...channel, lower: lowered(channel.name) })) }
}

/** Which channel the `#` at `start` of a text, which is given in lower case, names. */
export function channelAt(text: string, start: number, { channels }: Names) {
  const found = channels.find(({ lower }) => {
    return text.startsWith(lower, start + 1) && !wordCharacter.test(text[start + 1 + lower.length] ?? "")
  })
  if (!found) return undefined

  const { id: channelId, name } = found
  return { kind: "channel", channelId, text: `#${name}` } satisfies Inline
}
