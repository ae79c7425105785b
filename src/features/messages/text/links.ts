import type { Inline } from "./tree.ts"

/** A link ends at a character that changes the reading direction: after it, the text would not show where it leads. */
const stops = "\\s<>\"'`\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
/** A URL in running text. Two bars end a spoiler; a bracket before a parenthesis ends the text of a link. */
const bare = new RegExp(`https?://(?:[^${stops}|\\]]|\\|(?!\\|)|\\](?!\\())+`, "iy")
/** The end of a link with a text of its own. Only these schemes may be linked. */
const target = new RegExp(
  `\\]\\([ ]?<?((?:https?://|mailto:)[^${stops}()]*(?:\\([^${stops}()]*\\)[^${stops}()]*)*)>?[ ]?\\)`,
  "iy",
)
/** Punctuation after a URL belongs to the sentence; a closing parenthesis does too, unless the URL opened one. */
const trailing = new Set(".,:;!?…)]}*~|”’»。、，：；！？」』）】》")

/** The URL that begins at `start`, without punctuation of the sentence around it. */
export function linkAt(text: string, start: number): string | undefined {
  bare.lastIndex = start
  const match = bare.exec(text)?.[0]
  if (match === undefined) return undefined

  const href = withoutTrailing(match, text[start - 1] === "_")
  return /^https?:\/\/./i.test(href) ? href : undefined
}

/** The URL of the link whose text ends with the bracket at `start`, and where the link ends. */
export function targetAt(text: string, start: number): { href: string; end: number } | undefined {
  target.lastIndex = start
  const [whole, href] = target.exec(text) ?? []
  return whole === undefined || href === undefined ? undefined : { href, end: start + whole.length }
}

function withoutTrailing(match: string, isEmphasized: boolean): string {
  let end = match.length
  // From the end: a regular expression would look again from each of 2,000 dots (quadratic).
  while (trailing.has(match.charAt(end - 1)) || (isEmphasized && match[end - 1] === "_")) end--
  const kept = match.slice(0, end)
  const closes = match.slice(kept.length).indexOf(")")
  const opened = kept.split("(").length > kept.split(")").length
  return opened && closes === 0 ? `${kept})` : kept
}

/** Characters without a visible shape: a link with no other text could not be seen. Source: Unicode, UAX #44. */
const invisible = /^[\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]*$/u

/**
 * A link with a text of its own. It is shown as it was written when its text is invisible, hides something or is a URL
 * itself: a link must not claim to lead elsewhere.
 */
export function namedLink(href: string, children: Inline[]): Inline[] {
  const isPlain = children.every(isHarmless) && !children.every(isInvisible)
  if (isPlain) return [{ kind: "link", href, children }]

  return ["[", ...children, "](", { kind: "link", href, children: [href] }, ")"]
}

function isInvisible(node: Inline): boolean {
  if (typeof node === "string") return invisible.test(node)
  return "children" in node ? node.children.every(isInvisible) : invisible.test(node.text)
}

function isHarmless(node: Inline): boolean {
  if (typeof node === "string" || node.kind === "code") return true
  return "children" in node && !["link", "spoiler"].includes(node.kind) && node.children.every(isHarmless)
}
