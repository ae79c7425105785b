import { shorten } from "../messages/excerpt.ts"
import { withoutInvisible } from "../names.ts"

/** Longest texts of a preview, in UTF-16 code units. */
const maxTitle = 160
const maxDescription = 320
const maxSiteName = 60

/** Elements and chunks of title text that are parsed. A head has a few dozen; parsing blocks the event loop. */
const maxNodes = 3000

/** Stops the parser. */
class NodeLimitReached extends Error {}

/** The metadata of a page. */
export interface PageSummary {
  title: string
  description?: string
  siteName?: string
  /** A URL, possibly relative to the page. */
  image?: string
}

/**
 * Reads the metadata of a page: Open Graph, Twitter cards, or the title and description. Returns `null` for a page
 * without a title. The page is not trusted: its texts are shortened and stripped of invisible characters.
 */
export function readPage(html: string): PageSummary | null {
  const { meta, title } = parseHead(html)
  const firstOf = (...names: string[]) => names.map((name) => meta.get(name)).find((value) => value)
  const heading = toPlainLine(firstOf("og:title", "twitter:title") ?? title, maxTitle)
  if (!heading) return null

  const image = firstOf(
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
  )
  return {
    title: heading,
    description: toPlainLine(firstOf("og:description", "twitter:description", "description"), maxDescription),
    siteName: toPlainLine(firstOf("og:site_name"), maxSiteName),
    image: image && unescapeHtml(image).trim(),
  }
}

/** The first value of each `<meta>` by its lowercase name, and the page's title, still escaped. */
function parseHead(html: string): { meta: Map<string, string>; title: string } {
  const meta = new Map<string, string>()
  let title = ""
  let titles = 0
  let nodes = 0
  const countNode = () => {
    if (++nodes > maxNodes) throw new NodeLimitReached()
  }
  const rewriter = new HTMLRewriter()
    .on("*", { element: countNode })
    .on("meta", {
      element(element) {
        const name = (element.getAttribute("property") ?? element.getAttribute("name"))?.trim().toLowerCase()
        const content = element.getAttribute("content")
        if (name && content?.trim() && !meta.has(name)) meta.set(name, content)
      },
    })
    .on("title", {
      // Inline SVG pictures have titles too; the page's comes first.
      element: () => void titles++,
      text({ text }) {
        countNode()
        if (titles === 1) title += text
      },
    })
  try {
    rewriter.transform(html)
  } catch (error) {
    if (!(error instanceof NodeLimitReached)) throw error
  }
  return { meta, title }
}

/** Decodes a page with the charset of its header or its `<meta>`; UTF-8 by default. */
export function decodePage(bytes: Uint8Array, contentType: string): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString("latin1")
  const label =
    contentType.match(/charset=["']?([\w-]+)/i)?.[1] ?? head.match(/<meta[^>]+charset=["']?([\w-]+)/i)?.[1]
  return decoderOf(label).decode(bytes)
}

function decoderOf(label = "utf-8") {
  try {
    return new TextDecoder(label as Bun.Encoding)
  } catch {
    return new TextDecoder()
  }
}

/** Untrusted text as one short visible line; `undefined` when it is empty. */
export function toPlainLine(text: string | undefined, maxLength: number): string | undefined {
  // Shortened first: regular expressions over a megabyte of hostile text take too long.
  const start = unescapeHtml((text ?? "").slice(0, maxLength * 20)).toWellFormed()
  const visible = withoutInvisible(start)
    // Many stacked diacritics on a letter would cover the lines around it.
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .replace(/\s+/g, " ")
    .trim()
  return shorten(visible, maxLength) || undefined
}

const namedEntities: Record<string, string> = {
  ...{
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    shy: "",
    hellip: "…",
    ndash: "–",
    mdash: "—",
  },
  ...{ lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", laquo: "«", raquo: "»", bull: "•", middot: "·" },
  ...{ copy: "©", reg: "®", trade: "™", euro: "€", pound: "£", auml: "ä", ouml: "ö", uuml: "ü", szlig: "ß" },
  ...{ Auml: "Ä", Ouml: "Ö", Uuml: "Ü", eacute: "é", egrave: "è", agrave: "à", ccedil: "ç", times: "×" },
}

/** Decodes HTML entities once. Unknown ones stay unchanged. */
function unescapeHtml(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,8}));/gi, (whole, hex, decimal, name) => {
    if (name) return namedEntities[name] ?? whole

    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd"
  })
}
