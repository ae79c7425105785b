import type { Inline } from "./tree.ts"

/** An address may not hold what would show it as another one, or end its attribute. */
const stops = /[\s<>"`\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
/** Only these may be linked. */
const schemes = /<?(?:https?:\/\/|mailto:)/iy
/** The link title of CommonMark, and the end of the link. */
const rest =
  /[ ]?(?:[ ]?(?:"((?:\\[\s\S]|[^"\\\n]){0,500})"|'((?:\\[\s\S]|[^'\\\n]){0,500})'|\(((?:\\[\s\S]|[^()\\\n]){0,500})\))[ ]?)?\)/y
/** Parentheses in parentheses. Each link is scanned only so far: a text may be full of links that never end. */
const maxDepth = 8

/** The URL of a link, its title, and the end of its syntax. */
interface Target {
  href: string
  title?: string
  end: number
}

/** The target of the link whose text ends with the bracket at `start`. */
export function targetAt(text: string, start: number): Target | undefined {
  if (text[start + 1] !== "(") return undefined

  schemes.lastIndex = text[start + 2] === " " ? start + 3 : start + 2
  const opens = schemes.lastIndex
  if (!schemes.test(text)) return undefined

  const isBracketed = text[opens] === "<"
  const first = isBracketed ? opens + 1 : opens
  const last = addressEnd(text, schemes.lastIndex)
  if (last === undefined || (isBracketed && text[last] !== ">")) return undefined

  const titleAt = isBracketed ? last + 1 : last
  rest.lastIndex = titleAt
  const [whole, ...titles] = rest.exec(text) ?? []
  const title = titles.find((one) => one !== undefined)
  if (whole === undefined || (title !== undefined && whole.charAt(0) !== " ")) return undefined

  const href = text.slice(first, last)
  return { href, title: title?.replaceAll(/\\(?=[!-/:-@[-`{-~])/g, ""), end: titleAt + whole.length }
}

/** The end of the address that continues at `start`: before a space or an unmatched closing parenthesis. */
function addressEnd(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const sign = text.charAt(at)
    if (sign === "(" && ++depth > maxDepth) return undefined
    if (sign === ")" && --depth < 0) return at
    if (stops.test(sign)) return depth === 0 ? at : undefined
  }
  return undefined
}

/** Characters without a visible shape: a link with no other text could not be seen. Source: Unicode, UAX #44. */
const invisible = /^[\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]*$/u

/**
 * A link with a text of its own. It is shown as it was written when its text is invisible, hides something or is a URL
 * itself: a link must not claim to lead elsewhere.
 */
export function namedLink({ href, title }: Omit<Target, "end">, children: Inline[]): Inline[] {
  const isPlain = children.every(isHarmless) && !children.every(isInvisible)
  if (isPlain) return [{ kind: "link", href, ...(title && { title }), children }]

  const shownTitle = title ? ` "${title}"` : ""
  return ["[", ...children, "](", { kind: "link", href, children: [href] }, `${shownTitle})`]
}

function isInvisible(node: Inline): boolean {
  if (typeof node === "string") return invisible.test(node)
  return "children" in node ? node.children.every(isInvisible) : invisible.test(node.text)
}

function isHarmless(node: Inline): boolean {
  if (typeof node === "string" || node.kind === "code") return true
  return "children" in node && !["link", "spoiler"].includes(node.kind) && node.children.every(isHarmless)
}
