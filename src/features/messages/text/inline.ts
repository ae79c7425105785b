import { Marked } from "./marked.ts"
import { marks } from "./signs.ts"
import type { Inline, Names } from "./tree.ts"

/** Deeper nesting than this is shown without its formatting: nobody writes it, and a stack has an end. */
const maxDepth = 20

/** As much as is used of the tree that `Bun.markdown.react` makes. It needs no React, and holds nothing but data. */
type Parsed = string | Element
interface Element {
  type: unknown
  props: { children?: Parsed | Parsed[]; href?: string }
}

const options = { tables: false, tasklists: false, noHtmlBlocks: true, noHtmlSpans: true, autolinks: false }

const kinds = { strong: "strong", em: "emphasis" } as const

/** Without any of these nothing in it means anything. */
const meant = /[\\`*_~|\]<&!@#\f\u205f\ufdd0-\ufdef]|https?:\/\//i

/** What the parser would do something about. Often there is none, once addresses and code are taken out. */
const markup = /[\\*_|\]]/

/** What stands around the text: on one line, and not at its beginning, nothing means a block to the parser. */
const frame = { start: `.${marks.break}`, end: `${marks.break}.` }

/** A stretch of text that is no block of its own, parsed. */
export function parseInline(text: string, names: Names): Inline[] {
  if (!meant.test(text)) return text === "" ? [] : [text]

  const marked = new Marked(text, names)
  const source = frame.start + marked.source + frame.end
  return withoutFrame(read(markup.test(marked.source) ? parsed(source) : [source], marked, 0))
}

function parsed(source: string): Parsed[] {
  const document = Bun.markdown.react(source, {}, options)
  return childrenOf(document as unknown as Element).flatMap((child) =>
    typeof child === "string" ? [child] : childrenOf(child),
  )
}

/** What the parser found, with what was taken out of the text put back. */
function read(nodes: Parsed[], marked: Marked, depth: number): Inline[] {
  const pieces: (Inline | Sign)[] = []
  let text = ""
  for (const node of [...nodes, undefined]) {
    if (typeof node === "string") {
      text += node
      continue
    }
    if (text !== "") pieces.push(...split(text, marked))
    text = ""
    if (node) pieces.push(...element(node, marked, depth))
  }
  return pair(pieces)
}

function element(node: Element, marked: Marked, depth: number): (Inline | Sign)[] {
  if (depth > maxDepth) return split(textOf(node), marked)

  const children = read(childrenOf(node), marked, depth + 1)
  if (node.type === "a") return linked(node.props.href ?? "", children, marked)

  const kind = kinds[node.type as keyof typeof kinds]
  return kind ? [{ kind, children }] : children
}

/** What takes no room: a link that had no other name would be there for nobody to see. Source: Unicode, UAX #44. */
const invisible = /^[\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]*$/u

/**
 * A link by another name. Where its text is an address itself, hides something or cannot be seen, it is shown as it was
 * written: a text must not claim to lead elsewhere than it does.
 */
function linked(mark: string, children: Inline[], { atoms }: Marked): Inline[] {
  const target = atoms[Number(mark.slice(1))]
  if (typeof target !== "object" || target.kind !== "link") return children

  const isPlain = children.every(isHarmless) && !children.every(isInvisible)
  return isPlain ? [{ ...target, children }] : ["[", ...children, "](", target, ")"]
}

function isInvisible(node: Inline): boolean {
  if (typeof node === "string") return invisible.test(node)
  return "children" in node ? node.children.every(isInvisible) : invisible.test(node.text)
}

function isHarmless(node: Inline): boolean {
  if (typeof node === "string" || node.kind === "code") return true
  return "children" in node && !["link", "spoiler"].includes(node.kind) && node.children.every(isHarmless)
}

/** The beginning or the end of something that the parser does not know. */
class Sign {
  constructor(
    readonly kind: "spoiler" | "underline" | "strike",
    readonly written: string,
  ) {}
}

const signs = /\|[\ufdd2\ufdd3\ufdd5]\||\ufdd0\d+\ufdd1|\]\(\ufdd4\d+\)/g

const unseen = new RegExp(`[${marks.gap}${marks.letter}]`, "g")

function split(text: string, { atoms }: Marked): (Inline | Sign)[] {
  const pieces: (Inline | Sign)[] = []
  let end = 0
  const plain = (until: number) => {
    const piece = text.slice(end, until).replaceAll(marks.break, "\n").replace(unseen, "")
    if (piece !== "") pieces.push(piece)
  }
  for (const { 0: sign, index } of text.matchAll(signs)) {
    plain(index)
    end = index + sign.length
    const atom = atoms[Number(sign.match(/\d+/)?.[0])] ?? ""
    if (sign === marks.spoiler) pieces.push(new Sign("spoiler", "||"))
    else if (sign === marks.underline) pieces.push(new Sign("underline", "__"))
    else if (sign === marks.strike) pieces.push(new Sign("strike", "~~"))
    else if (sign.startsWith("]")) pieces.push("](", atom, ")")
    else pieces.push(atom)
  }
  plain(text.length)
  return pieces
}

/** Makes of each two signs of a kind, and what is between them, one node; signs that are left alone are text. */
function pair(pieces: (Inline | Sign)[]): Inline[] {
  const levels: { sign?: Sign; nodes: Inline[] }[] = [{ nodes: [] }]
  const top = () => levels.at(-1) as (typeof levels)[number]
  const giveUp = () => {
    const { sign, nodes } = levels.pop() as (typeof levels)[number]
    add(top().nodes, sign?.written ?? "", ...nodes)
  }
  for (const piece of pieces) {
    if (!(piece instanceof Sign)) add(top().nodes, piece)
    else if (!levels.some(({ sign }) => sign?.kind === piece.kind)) levels.push({ sign: piece, nodes: [] })
    else {
      while (top().sign?.kind !== piece.kind) giveUp()
      const children = levels.pop()?.nodes ?? []
      if (children.length > 0) add(top().nodes, { kind: piece.kind, children })
      else add(top().nodes, piece.written + piece.written)
    }
  }
  while (levels.length > 1) giveUp()
  return top().nodes
}

/** Neighbouring pieces of text become one. */
function add(nodes: Inline[], ...added: Inline[]): void {
  for (const node of added) {
    const last = nodes.at(-1)
    if (node === "") continue
    if (typeof node === "string" && typeof last === "string") nodes[nodes.length - 1] = last + node
    else nodes.push(node)
  }
}

function withoutFrame(nodes: Inline[]): Inline[] {
  const [first, last] = [nodes.at(0), nodes.at(-1)]
  if (typeof first === "string") nodes[0] = first.slice(frame.start.length)
  if (typeof last === "string") nodes[nodes.length - 1] = (nodes.at(-1) as string).slice(0, -frame.end.length)
  return nodes.filter((node) => node !== "")
}

function childrenOf({ props: { children } }: Element): Parsed[] {
  return children === undefined ? [] : Array.isArray(children) ? children : [children]
}

/** All text in a node, however deep: without recursion. */
function textOf(node: Element): string {
  const waiting: Parsed[] = [node]
  let text = ""
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === "string") text += next
    else waiting.push(...childrenOf(next).toReversed())
  }
  return text
}
