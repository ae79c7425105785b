import { CodeFinder } from "./code.ts"
import { linkAt, targetAt } from "./links.ts"
import { channelAt, personAt } from "./names.ts"
import { marks } from "./signs.ts"
import { stars } from "./stars.ts"
import type { Inline, Names } from "./tree.ts"

/** What ends a stretch of plain text: the beginning of all that is not. */
const plain = /[^\\`*_~|\]<&!@#\nh\f\u205f\ufdd0-\ufdef]+/y
const escapable = /[!-/:-@[-`{-~]/
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
  #at = 0

  constructor(
    private readonly text: string,
    private readonly names: Names,
  ) {
    this.#code = new CodeFinder(text)
    while (this.#at < text.length) {
      plain.lastIndex = this.#at
      const run = plain.exec(text)?.[0]
      if (run === undefined) this.#sign(text[this.#at] ?? "")
      else this.#take(run.length, run)
    }
  }

  #sign(sign: string): void {
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
      case "<":
      case "h":
        return this.#link(sign)
      case "@":
      case "#":
        return this.#name(sign)
      case "\n":
        return this.#take(1, marks.break)
      case "&":
      case "!":
        return this.#take(1, `\\${sign}`)
      default:
        return this.#take(1, sign >= "\ufdd0" ? "\ufffd" : " ")
    }
  }

  #escape(): void {
    const next = this.text[this.#at + 1] ?? ""
    if (escapable.test(next)) this.#take(2, `\\${next}`)
    else this.#take(1, "\\\\")
  }

  #codeOrTick(): void {
    const found = this.#code.at(this.#at)
    if (!found) return this.#take(this.#runLength(), "\\`".repeat(this.#runLength()))

    const { end, isFence, text, language } = found
    this.#atom(isFence ? { kind: "fence", text, language } : { kind: "code", text }, end)
  }

  #run(sign: string): void {
    const length = this.#runLength()
    const [before, after] = [this.text[this.#at - 1] ?? "\n", this.text[this.#at + length] ?? "\n"]
    const [pairs, single] = [length >> 1, length % 2 === 1 ? sign : ""]
    if (sign === "*") {
      this.#take(length, stars(length, before, after, this.#openStars))
    } else if (sign === "~") {
      this.#take(length, length === 2 ? "~~" : "\\~".repeat(length))
    } else if (sign === "|") {
      this.#take(length, marks.spoiler.repeat(pairs) + single)
    } else {
      const underlines = marks.underline.repeat(pairs)
      this.#take(length, wordCharacter.test(before) ? single + underlines : underlines + single)
    }
  }

  #link(sign: string): void {
    const { text } = this
    if (sign === "]") {
      const target = targetAt(text, this.#at)
      if (target) return this.#target(target.href, target.end)
      return text[this.#at + 1] === "(" ? this.#take(2, "]\\(") : this.#take(1, "]")
    }
    const start = this.#at + (sign === "<" ? 1 : 0)
    const href = wordCharacter.test(text[start - 1] ?? "") ? undefined : linkAt(text, start)
    const end = start + (href?.length ?? 0)
    if (href === undefined || (sign === "<" && text[end] !== ">")) {
      return this.#take(1, sign === "<" ? "\\<" : sign)
    }
    this.#atom({ kind: "link", href, children: [href] }, sign === "<" ? end + 1 : end)
  }

  #name(sign: string): void {
    const { text, names } = this
    const isInWord = wordCharacter.test(text[this.#at - 1] ?? "")
    const find = sign === "@" ? personAt : channelAt
    const found = isInWord ? undefined : find(text, this.#at, names)
    if (found) this.#atom(found, this.#at + found.text.length)
    else this.#take(1, `\\${sign}`)
  }

  #atom(node: Inline, end: number): void {
    this.#take(end - this.#at, `\ufdd0${this.atoms.push(node) - 1}\ufdd1`)
  }

  #target(href: string, end: number): void {
    const number = this.atoms.push({ kind: "link", href, children: [href] }) - 1
    this.#take(end - this.#at, `](\ufdd4${number})`)
  }

  #take(length: number, source: string): void {
    this.source += source
    this.#at += length
  }

  #runLength(): number {
    let end = this.#at
    while (this.text[end] === this.text[this.#at]) end++
    return end - this.#at
  }
}
