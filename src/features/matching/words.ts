import { normalize } from "./normalize.ts"

/** Counts what matching costs, for the tests that prove its bounds. */
export interface Steps {
  count: number
}

/** An entry of a word list, without its wildcards. */
interface Entry {
  /** As it was written. */
  entry: string
  /** Normalized. */
  text: string
  /** `*` before it: it may begin inside a word. */
  opensInside: boolean
  /** `*` after it: it may end inside a word. */
  closesInside: boolean
}

/** Reads an entry; `undefined` when nothing is left of it without wildcards and invisible characters. */
export function parseWord(entry: string): Entry | undefined {
  const [, before = "", middle = "", after = ""] = entry.trim().match(/^(\*?)(.*?)(\*?)$/s) ?? []
  const text = normalize(middle).trim()
  return text ? { entry, text, opensInside: before !== "", closesInside: after !== "" } : undefined
}

const wordCharacter = /[\p{L}\p{N}\p{M}]/u

/** Entries that share a rule about where they may begin. */
class Trie {
  /** The child of a node by one UTF-16 unit: one map for all nodes takes less memory than a map for each. */
  readonly #children = new Map<number, number>()
  readonly #entries = new Map<number, Entry[]>()
  #size = 1

  get isEmpty(): boolean {
    return this.#size === 1
  }

  add(entry: Entry): void {
    let node = 0
    for (let index = 0; index < entry.text.length; index++) {
      const key = node * 65_536 + entry.text.charCodeAt(index)
      const child = this.#children.get(key) ?? this.#size++
      this.#children.set(key, child)
      node = child
    }
    this.#entries.set(node, [...(this.#entries.get(node) ?? []), entry])
  }

  /** The first entry that the text has at `start`. Walks at most the length of the longest entry. */
  findAt(text: string, start: number, inWord: readonly boolean[], steps?: Steps): Entry | undefined {
    let node = 0
    for (let index = start; index < text.length; index++) {
      if (steps) steps.count++
      const child = this.#children.get(node * 65_536 + text.charCodeAt(index))
      if (child === undefined) return undefined

      node = child
      const isEnd = !(inWord[index] && inWord[index + 1])
      const found = this.#entries.get(node)?.find(({ closesInside }) => isEnd || closesInside)
      if (found) return found
    }
    return undefined
  }
}

/**
 * Finds words of a list in texts. Takes at most the length of the text times the longest entry in steps, whatever the
 * number of words.
 */
export class WordList {
  readonly #atStarts = new Trie()
  readonly #anywhere = new Trie()

  constructor(words: readonly string[]) {
    for (const word of words) {
      const entry = parseWord(word)
      if (entry) (entry.opensInside ? this.#anywhere : this.#atStarts).add(entry)
    }
  }

  /** The first entry that the text contains, as it was written. */
  find(text: string, steps?: Steps): string | undefined {
    const normalized = normalize(text)
    const inWord = wordUnits(normalized)
    for (let start = 0; start < normalized.length; start++) {
      if (steps) steps.count++
      const isStart = !(inWord[start] && inWord[start - 1])
      const found =
        (isStart ? this.#atStarts.findAt(normalized, start, inWord, steps) : undefined) ??
        (this.#anywhere.isEmpty ? undefined : this.#anywhere.findAt(normalized, start, inWord, steps))
      if (found) return found.entry
    }
    return undefined
  }
}

/** For each UTF-16 unit, whether it is part of a letter or digit. */
function wordUnits(text: string): boolean[] {
  const units: boolean[] = []
  for (const character of text) {
    const isWord = wordCharacter.test(character)
    for (let unit = 0; unit < character.length; unit++) units.push(isWord)
  }
  return units
}
