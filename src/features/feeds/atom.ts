/** A message of a feed. */
interface AtomEntry {
  /** A UUID. */
  id: string
  title: string
  author: string
  text: string
  url: string
  publishedAt: Date
  updatedAt: Date
}

interface AtomDocument {
  /** A UUID. */
  id: string
  title: string
  subtitle: string
  /** Of the feed itself. */
  selfUrl: string
  /** Of the page with the same content. */
  url: string
  updatedAt: Date
  /** Newest first. */
  entries: AtomEntry[]
}

/** Characters that XML cannot contain, not even escaped. Source: XML 1.0, 2.2, `Char`. */
const notInXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** A feed as XML. Source: RFC 4287. */
export function atomOf({ id, title, subtitle, selfUrl, url, updatedAt, entries }: AtomDocument): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:uuid:${xmlText(id)}</id>
<title>${xmlText(title)}</title>
<subtitle>${xmlText(subtitle)}</subtitle>
<updated>${updatedAt.toISOString()}</updated>
<link rel="self" type="application/atom+xml" href="${xmlText(selfUrl)}"/>
<link rel="alternate" type="text/html" href="${xmlText(url)}"/>
${entries.map(entryOf).join("")}</feed>
`
}

function entryOf({ id, title, author, text, url, publishedAt, updatedAt }: AtomEntry): string {
  return `<entry>
<id>urn:uuid:${xmlText(id)}</id>
<title>${xmlText(title)}</title>
<author><name>${xmlText(author)}</name></author>
<published>${publishedAt.toISOString()}</published>
<updated>${updatedAt.toISOString()}</updated>
<link rel="alternate" type="text/html" href="${xmlText(url)}"/>
<content type="text">${xmlText(text)}</content>
</entry>
`
}

/** Escapes a text for an element or a quoted attribute. Replaces characters that XML cannot contain. */
function xmlText(text: string): string {
  return Bun.escapeHTML(text.toWellFormed().replace(notInXml, "\ufffd"))
}
