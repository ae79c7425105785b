/** A link ends where the direction of the text is turned: after that it would not show where it leads. */
const stops = "\\s<>\"'`\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
/** An address as it stands in a text; two bars end a spoiler, a bracket may end its name. */
const bare = new RegExp(`https?://(?:[^${stops}|\\]]|\\|(?!\\|)|\\](?!\\())+`, "iy")
/** What follows the text of a link in brackets: nothing but these addresses may be linked. */
const target = new RegExp(
  `\\]\\([ ]?<?((?:https?://|mailto:)[^${stops}()]*(?:\\([^${stops}()]*\\)[^${stops}()]*)*)>?[ ]?\\)`,
  "iy",
)
/** Punctuation after a link is the sentence's, a closing bracket only when the link opened none. */
const trailing = new Set(".,:;!?…)]}*~|”’»。、，：；！？」』）】》")

/** The address that stands at `start`, without what belongs to the sentence around it. */
export function linkAt(text: string, start: number): string | undefined {
  bare.lastIndex = start
  const match = bare.exec(text)?.[0]
  if (match === undefined) return undefined

  const href = withoutTrailing(match, text[start - 1] === "_")
  return /^https?:\/\/./i.test(href) ? href : undefined
}

/** Where the link in brackets that closes at `start` leads, and where that ends. */
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
