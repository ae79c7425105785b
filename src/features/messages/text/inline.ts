import { withDelimiters } from "./delimiters.ts"
import { namedLink } from "./link-targets.ts"
import { Scanner } from "./scanner.ts"
import type { Delimiter, LinkEnd, LinkStart, Token } from "./tokens.ts"
import type { Inline, Names } from "./tree.ts"

/** Formatting around deeper nesting stays text: printing recurses, and a crafted message could exhaust the stack. */
const maxDepth = 20

/** Without a match, a text has no nodes. */
const markup = /[\\`*_~|\]<@#]|https?:\/\//i

/** Parses text within a block. */
export function parseInline(text: string, names: Names): Inline[] {
  if (!markup.test(text)) return text === "" ? [] : [text]

  return pair(withDelimiters(new Scanner(text, names).tokens))
}

/** Pairs delimiters and makes nodes of them, in time proportional to the number of tokens. */
export function pair(tokens: Token[]): Inline[] {
  const stack = new DelimiterStack()
  for (const token of tokens) {
    if (typeof token === "string") stack.add([token])
    else if (token.kind === "delimiter") stack.delimiter(token)
    else if (token.kind === "[") stack.openLink(token)
    else if (token.kind === "]") stack.closeLink(token)
    else if (token.kind !== "run") stack.add([token])
  }
  return stack.end()
}

/** An open delimiter or link, and the nodes read since. The lowest level has no opener. */
interface Level {
  opener?: Delimiter | LinkStart
  /** How many of the opener's signs are unused. */
  left: number
  nodes: Inline[]
  /** How deep formatting is nested within the nodes. */
  height: number
  /** Kinds of closers that have no opener at this level or below: each level is searched once for each kind. */
  lacks?: Set<string>
}

const kinds = { "*": "emphasis", _: "emphasis", __: "underline", "~~": "strike", "||": "spoiler" } as const

/**
 * CommonMark's delimiter stack (0.31, "An algorithm for parsing nested emphasis and links") with more kinds of
 * delimiters. Where two kinds overlap, the one that closes first is formatting and the other is text.
 */
class DelimiterStack {
  readonly #levels: Level[] = [{ left: 0, nodes: [], height: 0 }]

  add(nodes: Inline[], height = 0): void {
    append(this.#top, nodes, height)
  }

  delimiter(token: Delimiter): void {
    let left = token.length
    while (left > 0 && token.canClose) {
      const at = this.#openerOf(token)
      if (at === 0) break
      left -= this.#close(at, token.sign, left)
    }
    if (left > 0 && token.canOpen) this.#levels.push({ opener: token, left, nodes: [], height: 0 })
    else this.add([token.sign.repeat(left)])
  }

  openLink(token: LinkStart): void {
    if (token.isLink) this.#levels.push({ opener: token, left: 1, nodes: [], height: 0 })
    else this.add(["["])
  }

  closeLink(token: LinkEnd): void {
    this.#dropTo(this.#levels.findLastIndex(({ opener }) => opener?.kind === "["))
    const { nodes, height } = this.#levels.pop() as Level
    this.add(namedLink(token, nodes), height)
  }

  end(): Inline[] {
    this.#dropTo(0)
    return this.#top.nodes
  }

  get #top(): Level {
    return this.#levels.at(-1) as Level
  }

  /** The innermost level that a delimiter closes, 0 for none. Within a link, nothing outside of it is closed. */
  #openerOf(token: Delimiter): number {
    const closer = `${token.sign}${token.length % 3}${token.canOpen}`
    for (let at = this.#levels.length - 1; at > 0; at--) {
      const { opener, lacks } = this.#levels[at] as Level
      if (opener?.kind !== "delimiter" || lacks?.has(closer)) break
      if (isPair(opener, token)) return at
    }
    this.#top.lacks = (this.#top.lacks ?? new Set()).add(closer)
    return 0
  }

  /** Makes a node of a level; returns how many of the closer's signs that uses. */
  #close(at: number, sign: Delimiter["sign"], left: number): number {
    this.#dropTo(at)
    const level = this.#top
    const { nodes, height } = level
    const used = Math.min(level.left, left, 2)
    level.left -= used
    level.nodes = []
    if (level.left === 0) this.#levels.pop()

    const kind = used === 2 ? "strong" : kinds[sign]
    const text = sign.repeat(used)
    if (nodes.length > 0 && height < maxDepth) this.add([{ kind, children: nodes }], height + 1)
    else this.add([text, ...nodes, text], height)
    return used
  }

  /** Turns all openers above a level into text. */
  #dropTo(at: number): void {
    for (const { opener, left, nodes, height } of this.#levels.splice(at + 1)) {
      append(this.#top, [opener?.kind === "delimiter" ? opener.sign.repeat(left) : "[", ...nodes], height)
    }
  }
}

/** CommonMark's "multiple of 3" rule: in `*a**b*` the first and the last star belong together. */
function isPair(opener: Delimiter, closer: Delimiter): boolean {
  if (opener.sign !== closer.sign) return false

  const isBoth = opener.canClose || closer.canOpen
  const isMultiple = (opener.length + closer.length) % 3 === 0
  return opener.sign !== "*" || !isBoth || !isMultiple || opener.length % 3 === 0
}

function append(level: Level, added: Inline[], height: number): void {
  level.height = Math.max(level.height, height)
  for (const node of added) {
    const last = level.nodes.at(-1)
    if (node === "") continue
    // Adjacent text is joined.
    if (typeof node === "string" && typeof last === "string")
      level.nodes[level.nodes.length - 1] = last + node
    else level.nodes.push(node)
  }
}
