/** What a pattern is made of. */
export type PatternNode =
  | { kind: "character"; set: CharacterSet }
  | { kind: "assertion"; at: Assertion }
  | { kind: "sequence"; nodes: PatternNode[] }
  | { kind: "choice"; options: PatternNode[] }
  | { kind: "repeat"; repeated: PatternNode; min: number; max: number }

export type Assertion = "start" | "end" | "boundary" | "inside"

/** Characters by ranges of code points, both ends included. */
export interface CharacterSet {
  ranges: [from: number, to: number][]
  isNegated: boolean
}

/** Why a pattern cannot be used; the message is for the person who wrote it. */
export class PatternFault extends Error {}

/** Most times that `{}` may repeat. */
export const maxRepeats = 100

const digits: CharacterSet["ranges"] = [[48, 57]]
const wordCharacters: CharacterSet["ranges"] = [...digits, [65, 90], [95, 95], [97, 122]]
const spaces: CharacterSet["ranges"] = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]
const classes: Record<string, CharacterSet["ranges"]> = { d: digits, w: wordCharacters, s: spaces }
const controls: Record<string, number> = { n: 10, r: 13, t: 9, f: 12, v: 11 }
const lineEnds: CharacterSet["ranges"] = [[10, 10]]

/** Everything that the set does not contain. */
function complement(ranges: CharacterSet["ranges"]): CharacterSet["ranges"] {
  const sorted = ranges.toSorted(([a], [b]) => a - b)
  const gaps: CharacterSet["ranges"] = []
  let next = 0
  for (const [from, to] of sorted) {
    if (from > next) gaps.push([next, from - 1])
    next = Math.max(next, to + 1)
  }
  return [...gaps, [next, 0x10ffff]]
}

/** Parses the subset of regular expressions that can be matched in linear time. Throws a `PatternFault`. */
export function parsePattern(pattern: string): PatternNode {
  return new PatternParser(pattern).parse()
}

class PatternParser {
  readonly #characters: string[]
  #at = 0

  constructor(pattern: string) {
    this.#characters = Array.from(pattern)
  }

  parse(): PatternNode {
    const node = this.#choice()
    if (this.#peek() === ")") throw new PatternFault("A “)” closes no group: write \\) for the character")
    return node
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }

  #choice(): PatternNode {
    const options = [this.#sequence()]
    while (this.#take("|")) options.push(this.#sequence())
    return options.length === 1 && options[0] ? options[0] : { kind: "choice", options }
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = []
    for (let next = this.#peek(); next !== undefined && next !== "|" && next !== ")"; next = this.#peek()) {
      nodes.push(this.#repeated(this.#atom()))
    }
    return { kind: "sequence", nodes }
  }

  #repeated(node: PatternNode): PatternNode {
    const range = this.#quantifier()
    if (!range) return node

    // Lazy or not makes no difference to whether something matches.
    this.#take("?")
    if (this.#peek() === "+") throw new PatternFault("Possessive quantifiers such as “a++” are not supported")
    if (this.#quantifier())
      throw new PatternFault("Nothing to repeat: put what is repeated twice in parentheses")
    return { kind: "repeat", repeated: node, ...range }
  }

  #quantifier(): { min: number; max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take("+")) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take("?")) return { min: 0, max: 1 }
    if (this.#peek() !== "{") return undefined

    const rest = this.#characters.slice(this.#at, this.#at + 12).join("")
    const match = rest.match(/^\{(\d{1,4})(,?)(\d{0,4})\}/)
    if (!match) throw new PatternFault("A “{” needs numbers, as in {2,5}: write \\{ for the character")

    const [whole, from = "", comma, to = ""] = match
    const min = Number(from)
    const max = to ? Number(to) : comma ? Number.POSITIVE_INFINITY : min
    if (min > max) throw new PatternFault(`In ${whole} the first number is greater than the second`)
    if (min > maxRepeats || (max !== Number.POSITIVE_INFINITY && max > maxRepeats)) {
      throw new PatternFault(`${whole} repeats more than ${maxRepeats} times`)
    }
    this.#at += whole.length
    return { min, max }
  }

  #atom(): PatternNode {
    const character = this.#characters[this.#at++] ?? ""
    if (character === "(") return this.#group()
    if (character === "[") return { kind: "character", set: this.#class() }
    if (character === ".") return { kind: "character", set: { ranges: lineEnds, isNegated: true } }
    if (character === "^") return { kind: "assertion", at: "start" }
    if (character === "$") return { kind: "assertion", at: "end" }
    if (character === "\\") return this.#escape()
    if ("*+?{".includes(character)) {
      throw new PatternFault(
        `Nothing to repeat before “${character}”: write \\${character} for the character`,
      )
    }
    return one(character.codePointAt(0) ?? 0)
  }

  #group(): PatternNode {
    if (this.#take("?") && !this.#take(":")) {
      throw new PatternFault("Lookahead, lookbehind, named groups and flags, “(?…”, are not supported")
    }
    const node = this.#choice()
    if (!this.#take(")")) throw new PatternFault("A “(” is not closed: write \\( for the character")
    return node
  }

  #escape(): PatternNode {
    const letter = this.#peek()
    if (letter === "b" || letter === "B") {
      this.#at++
      return { kind: "assertion", at: letter === "b" ? "boundary" : "inside" }
    }
    return { kind: "character", set: { ranges: this.#escaped(), isNegated: false } }
  }

  /** What follows a backslash, as ranges. */
  #escaped(): CharacterSet["ranges"] {
    const letter = this.#characters[this.#at++]
    if (letter === undefined) throw new PatternFault("A backslash at the end escapes nothing: write \\\\")
    if (/[1-9k]/.test(letter)) {
      throw new PatternFault(`A reference to a group, “\\${letter}”, cannot be matched in linear time`)
    }
    const known = classes[letter.toLowerCase()]
    if (known) return letter === letter.toLowerCase() ? known : complement(known)

    const control = controls[letter]
    if (control !== undefined) return [[control, control]]
    if (/[a-z0]/i.test(letter)) throw new PatternFault(`“\\${letter}” is not supported`)

    const code = letter.codePointAt(0) ?? 0
    return [[code, code]]
  }

  #class(): CharacterSet {
    const isNegated = this.#take("^")
    const ranges: CharacterSet["ranges"] = []
    for (let isFirst = true; isFirst || this.#peek() !== "]"; isFirst = false) {
      const from = this.#classPart()
      const isRange = this.#peek() === "-" && this.#characters[this.#at + 1] !== "]"
      if (!isRange) {
        ranges.push(...from)
        continue
      }
      this.#at++
      const to = this.#classPart()
      const [low, high] = [single(from), single(to)]
      if (low === undefined || high === undefined || low > high) {
        throw new PatternFault("A range in brackets goes from a lower to a higher character, as in [a-z]")
      }
      ranges.push([low, high])
    }
    this.#at++
    return { ranges, isNegated }
  }

  #classPart(): CharacterSet["ranges"] {
    const character = this.#characters[this.#at++]
    if (character === undefined) throw new PatternFault("A “[” is not closed: write \\[ for the character")
    if (character === "\\") return this.#escaped()

    const code = character.codePointAt(0) ?? 0
    return [[code, code]]
  }
}

function one(code: number): PatternNode {
  return { kind: "character", set: { ranges: [[code, code]], isNegated: false } }
}

/** The only character of these ranges. */
function single(ranges: CharacterSet["ranges"]): number | undefined {
  const [range] = ranges
  return ranges.length === 1 && range && range[0] === range[1] ? range[0] : undefined
}
