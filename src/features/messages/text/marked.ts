import { CodeFinder } from "./code.ts"
import { linkAt, targetAt } from "./links.ts"
import { channelAt, lowered, personAt } from "./names.ts"
import { marks } from "./signs.ts"
import { stars } from "./stars.ts"
import { timeAt } from "./timestamps.ts"
import type { Inline, Names } from "./tree.ts"

/** So much of the text, as it stands in the source. */
type Step = [length: number, source: string]

/** What ends a stretch of plain text: the beginning of all that is not. */
const plain = /[^\\`*_~|\]<&!@#\nhH\f\u205f\ufdd0-\ufdef]+/y
const escapable = /[!-/:-@[-`{-~]/
const letter = /[\p{L}\p{N}]/u
const wordCharacter = /[\p{L}\p{N}_]/u

/**
 * Prepares a text for the Markdown parser: what Markdown lacks (spoilers, underlining, mentions) gets signs, what
 * it must not touch (code, addresses) is taken out, and what chats do not know (entities, images) is escaped.
 */
export class Marked {
  /** What Markdown is parsed from. */
  source = ""
  /** What was taken out, by its number in the source. */
  readonly atoms: Inline[] = []
  readonly #code: CodeFinder
  readonly #openStars = new Set<number>()
  #lower: string | undefined
  #at = 0

  constructor(
    private readonly text: string,
    private readonly names: Names,
  ) {
    this.#code = new CodeFinder(text)
    while (this.#at < text.length) {
      plain.lastIndex = this.#at
      const run = plain.exec(text)?.[0]
      const [length, source] = run === undefined ? this.#step() : [run.length, run]
      this.source += source
      this.#at += length
    }
  }

  #step(): Step {
    const sign = this.text[this.#at] ?? ""
    switch (sign) {
      case "\\":
        return this.#escape()
      case "`":
        return this.#codeOrTick()
      case "*":
      case "_":
      case "|":
      case "~":
        return this.#run(sign)
      case "]":
        return this.#target()
      case "<":
      case "h":
      case "H":
        return this.#link(sign)
      case "@":
      case "#":
        return this.#name(sign)
      case "\n":
        return [1, marks.break]
      case "&":
      case "!":
        return [1, `\\${sign}`]
      default:
        // A sign of ours, in their text.
        return this.#atom(sign, this.#at + 1)
    }
  }

  #escape(): Step {
    // Whoever writes this means no backslash.
    if (this.text.startsWith("¯\\_(ツ)_/¯", this.#at - 1)) return [2, "\\\\\\_"]

    const next = this.text[this.#at + 1] ?? ""
    return escapable.test(next) ? [2, `\\${next}`] : [1, "\\\\"]
  }

  #codeOrTick(): Step {
    const found = this.#code.at(this.#at)
    const length = this.#runLength()
    if (!found) return [length, "\\`".repeat(length)]

    const { end, isFence, text, language } = found
    return this.#atom(isFence ? { kind: "fence", text, language } : { kind: "code", text }, end)
  }

  #run(sign: string): Step {
    const length = this.#runLength()
    const [before, after] = [characterBefore(this.text, this.#at), characterAt(this.text, this.#at + length)]
    const [pairs, single] = [length >> 1, length % 2 === 1 ? sign : ""]
    const isInWord = wordCharacter.test(before) && wordCharacter.test(after)
    // Sums and names in programs, not emphasis: 2*3*4, my__module__name.
    const isSum = sign === "*" && /\d/.test(before + after) && !this.#openStars.has(length)
    const isLiteral = isInWord && (isSum || (sign === "_" && pairs > 0))
    if (isLiteral) return [length, `\\${sign}`.repeat(length)]
    if (sign === "*") return [length, stars(length, before, after, this.#openStars)]
    if (sign === "~") return [length, length === 2 ? marks.strike : "\\~".repeat(length)]
    if (sign === "|") return [length, marks.spoiler.repeat(pairs) + single]

    const underlines = marks.underline.repeat(pairs)
    return [length, wordCharacter.test(before) ? single + underlines : underlines + single]
  }

  #target(): Step {
    const found = targetAt(this.text, this.#at)
    if (!found) return this.text[this.#at + 1] === "(" ? [2, "]\\("] : [1, "]"]

    const { href, end } = found
    const number = this.atoms.push({ kind: "link", href, children: [href] }) - 1
    return [end - this.#at, `](\ufdd4${number})`]
  }

  #link(sign: string): Step {
    const time = sign === "<" ? timeAt(this.text, this.#at) : undefined
    if (time) return this.#atom(time.node, time.end)

    const start = this.#at + (sign === "<" ? 1 : 0)
    const href = wordCharacter.test(this.text[start - 1] ?? "") ? undefined : linkAt(this.text, start)
    const end = start + (href?.length ?? 0)
    const isWhole = sign !== "<" || this.text[end] === ">"
    if (href === undefined || !isWhole) return [1, sign === "<" ? "\\<" : sign]

    return this.#atom({ kind: "link", href, children: [href] }, sign === "<" ? end + 1 : end)
  }

  #name(sign: string): Step {
    const isInWord = letter.test(this.text[this.#at - 1] ?? "")
    const found = isInWord ? undefined : this.#named(sign)
    return found ? this.#atom(found, this.#at + found.text.length) : [1, `\\${sign}`]
  }

  #named(sign: string) {
    if (sign === "@") return personAt(this.text, this.#at, this.names)

    this.#lower ??= lowered(this.text)
    return channelAt(this.#lower, this.#at, this.names)
  }

  #atom(node: Inline, end: number): Step {
    return [end - this.#at, `\ufdd0${this.atoms.push(node) - 1}\ufdd1`]
  }

  #runLength(): number {
    let end = this.#at
    while (this.text[end] === this.text[this.#at]) end++
    return end - this.#at
  }
}

/** What stands there, however many code units it takes; the text's ends are as good as a line's. */
function characterAt(text: string, at: number): string {
  return at < text.length ? String.fromCodePoint(text.codePointAt(at) as number) : "\n"
}

function characterBefore(text: string, at: number): string {
  const isPair = /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, at - 2), at))
  return at > 0 ? text.slice(isPair ? at - 2 : at - 1, at) : "\n"
}
