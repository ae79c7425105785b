/** A link ends where the direction of the text is turned: after that it would not show where it leads. */
const link = /https?:\/\/[^\s<>"'`\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g
/** Punctuation after a link is the sentence's, a closing bracket only when the link opened none. */
const trailing = new Set(".,:;!?…)]}")

/**
 * What a message says, as HTML that is safe to insert: text, links to http(s) addresses, line breaks as they
 * were written (the page keeps them by `white-space`). The one place where message text becomes HTML: it makes
 * no attribute but those below, so nothing in a message can reach htmx.
 */
export function renderContent(text: string): string {
  let html = ""
  let end = 0
  for (const { 0: match, index } of text.matchAll(link)) {
    const href = withoutTrailing(match)
    html += Bun.escapeHTML(text.slice(end, index)) + anchor(href)
    end = index + href.length
  }
  return html + Bun.escapeHTML(text.slice(end))
}

function withoutTrailing(match: string): string {
  let end = match.length
  // From the end: a regular expression would look again from each of 2,000 dots (quadratic).
  while (trailing.has(match.charAt(end - 1))) end--
  const bare = match.slice(0, end)
  const closes = match.slice(bare.length).indexOf(")")
  const opened = bare.split("(").length > bare.split(")").length
  return opened && closes === 0 ? `${bare})` : bare
}

function anchor(href: string): string {
  const safe = Bun.escapeHTML(href)
  return `<a href="${safe}" target="_blank" rel="noopener noreferrer nofollow ugc">${safe}</a>`
}
