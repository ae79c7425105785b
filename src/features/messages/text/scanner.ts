import { CodeFinder, runEnd } from "./code.ts"
import { targetAt } from "./link-targets.ts"
import { isLinkStart, linkAt } from "./links.ts"
import { channelAt, foldCase, isNameStart, personAt, roleAt } from "./names.ts"
import { before, isUnspaced } from "./scripts.ts"
import { timeAt } from "./timestamps.ts"
import type { Delimiter, LinkStart, Token } from "./tokens.ts"
import type { Inline, Names } from "./tree.ts"

/** A run of characters without a meaning. */
const plain = /[^\\`*_~|[\]<@#hH]+/y
const escapable = /[!-/:-@[-`{-~]/
/** The name of a file continues up to its extension. */
const fileName = /[\p{L}\p{N}\p{M}_()-]{1,80}\.[a-z0-9]{1,5}(?![\p{L}\p{N}])/iuy

/** Its backslash escapes nothing: it is typed that often. */
const shrug = "¯\\_(ツ)_/¯"

/**
 * Splits a text into tokens: code, bare links, timestamps and mentions become nodes; delimiters are left to be paired.
 * Each step consumes at least one character.
 */
export class Scanner {
  readonly tokens: Token[] = []
  readonly #text: string
  readonly #names: Names
  readonly #code: CodeFinder
  /** Open brackets that may begin a link. */
  readonly #brackets: LinkStart[] = []
  #folded: string | undefined
  #at = 0

  constructor(text: string, names: Names) {
    this.#text = text
    this.#names = names
    this.#code = new CodeFinder(text)
    while (this.#at < text.length) {
      plain.lastIndex = this.#at
      const run = plain.exec(text)?.[0]
      if (run === undefined) this.#step()
      else this.#take(run.length, run)
    }
  }

  #step() {
    const sign = this.#text[this.#at] ?? ""
    switch (sign) {
      case "\\":
        return this.#escape()
      case "`":
        return this.#codeOrTicks()
      case "*":
      case "_":
        return this.#run(sign)
      case "|":
      case "~":
        return this.#pairs(sign)
      case "[":
        return this.#openBracket()
      case "]":
        return this.#closeBracket()
      case "@":
      case "#":
        return this.#name(sign)
      case "<":
        return this.#bracketed()
      default:
        return this.#link(sign)
    }
  }

  #escape() {
    if (this.#text.startsWith(shrug, this.#at - 1)) return this.#take(2, "\\_")

    const next = this.#text[this.#at + 1] ?? ""
    return escapable.test(next) ? this.#take(2, next) : this.#take(1, "\\")
  }

  #codeOrTicks() {
    const found = this.#code.at(this.#at)
    if (!found) return this.#take(this.#runLength(), "`".repeat(this.#runLength()))

    const { end, isFence, text, language } = found
    return this.#take(end - this.#at, isFence ? { kind: "fence", text, language } : { kind: "code", text })
  }

  #run(sign: "*" | "_") {
    const length = this.#runLength()
    if (sign === "_" && this.#isInFileName()) return this.#take(length, "_".repeat(length))
    return this.#take(length, { kind: "run", sign, length })
  }

  /** Beside letters that may begin a word without a space, `_` emphasizes, but not in 报告_最终.docx. */
  #isInFileName(): boolean {
    if (!isUnspaced(before(this.#text, this.#at))) return false

    fileName.lastIndex = this.#at
    return fileName.test(this.#text)
  }

  /** Strikes and spoilers. */
  #pairs(sign: "|" | "~") {
    const length = this.#runLength()
    if (sign === "~") return this.#take(length, length === 2 ? pair("~~") : sign.repeat(length))

    for (let pairs = length >> 1; pairs > 0; pairs--) this.#take(2, pair("||"))
    if (length % 2 === 1) this.#take(1, "|")
  }

  #openBracket() {
    const bracket: LinkStart = { kind: "[", isLink: false }
    this.#brackets.push(bracket)
    return this.#take(1, bracket)
  }

  #closeBracket() {
    const open = this.#brackets.pop()
    const target = targetAt(this.#text, this.#at)
    if (!target) return this.#take(1, "]")

    const { href, title, end } = target
    if (!open) return this.#take(2, "](")

    open.isLink = true
    // Links do not nest: brackets around this one are text.
    this.#brackets.length = 0
    return this.#take(end - this.#at, { kind: "]", href, title })
  }

  #name(sign: string) {
    const isName = isNameStart(this.#text, this.#at)
    const found = isName ? (sign === "@" ? this.#mention() : this.#channel()) : undefined
    return this.#take((found?.text ?? sign).length, found ?? sign)
  }

  /** Of a person and a role, the one with the longer name; the person where they have the same. */
  #mention() {
    const person = personAt(this.#text, this.#at, this.#names)
    if (this.#names.roles.length === 0) return person

    const role = roleAt(this.#foldedText(), this.#at, this.#names)
    return role && role.text.length > (person?.text.length ?? 0) ? role : person
  }

  #channel() {
    return channelAt(this.#foldedText(), this.#at, this.#names)
  }

  #foldedText(): string {
    this.#folded ??= foldCase(this.#text)
    return this.#folded
  }

  /** A timestamp, or a link that shows no preview. */
  #bracketed() {
    const time = timeAt(this.#text, this.#at)
    if (time) return this.#take(time.end - this.#at, time.node)

    const href = linkAt(this.#text, this.#at + 1)
    const isClosed = href !== undefined && this.#text[this.#at + 1 + href.length] === ">"
    return isClosed ? this.#take(href.length + 2, bareLink(href)) : this.#take(1, "<")
  }

  #link(sign: string) {
    const href = isLinkStart(this.#text, this.#at) ? linkAt(this.#text, this.#at) : undefined
    return href === undefined ? this.#take(1, sign) : this.#take(href.length, bareLink(href))
  }

  #runLength(): number {
    return runEnd(this.#text, this.#at) - this.#at
  }

  #take(length: number, token: Token): void {
    this.#at += length
    this.tokens.push(token)
  }
}

function pair(sign: "||" | "~~"): Delimiter {
  return { kind: "delimiter", sign, length: 1, canOpen: true, canClose: true }
}

function bareLink(href: string): Inline {
  return { kind: "link", href, children: [href] }
}
