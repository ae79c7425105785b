import { shorten } from "../messages/excerpt.ts"
import { withoutInvisible } from "../names.ts"

/** Longest that is shown of what a page says, in UTF-16 code units. */
const maxTitle = 160
const maxDescription = 320
const maxSiteName = 60

/** Elements, and pieces of a title, that are looked at: a head has a few dozen, and the server waits meanwhile. */
const maxLooked = 3000

class Enough extends Error {}

/** What a page says of itself. */
export interface PageSummary {
  title: string
  description?: string
  siteName?: string
  /** An address, as it stands there. */
  image?: string
}

/**
 * Reads what a page says of itself for such as us (Open Graph, Twitter's cards), and what it says for everyone;
 * `null` when it has not even a title. Every word is somebody else's: it comes back as text, short and plain.
 */
export function readPage(html: string): PageSummary | null {
  const said = new Map<string, string>()
  const say = (name: string, value: string) => void (said.has(name) || said.set(name, value))
  let title = ""
  let titles = 0
  let looked = 0
  const look = () => {
    if (++looked > maxLooked) throw new Enough()
  }
  const rewriter = new HTMLRewriter()
    .on("*", { element: look })
    .on("meta", {
      element(meta) {
        const name = meta.getAttribute("property") ?? meta.getAttribute("name")
        const content = meta.getAttribute("content")
        if (name && content?.trim()) say(name.trim().toLowerCase(), content)
      },
    })
    .on("title", {
      // Pictures in a page have titles too; the page's comes first.
      element: () => void titles++,
      text({ text }) {
        look()
        if (titles === 1) title += text
      },
    })
  try {
    rewriter.transform(html)
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }

  const first = (...names: string[]) => names.map((name) => said.get(name)).find((value) => value)
  const heading = plain(first("og:title", "twitter:title") ?? title, maxTitle)
  if (!heading) return null

  const image = first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
  return {
    title: heading,
    description: plain(first("og:description", "twitter:description", "description"), maxDescription),
    siteName: plain(first("og:site_name"), maxSiteName),
    image: image && unescaped(image).trim(),
  }
}

/** The bytes of a page as text, by what it says that they are. */
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

/** Somebody else's words on one line; `undefined` when nothing is left of them. */
export function plain(text: string | undefined, maxLength: number): string | undefined {
  // Nobody reads so far; what a regular expression does with a megabyte takes its time.
  const start = unescaped((text ?? "").slice(0, maxLength * 20)).toWellFormed()
  const visible = withoutInvisible(start)
    // Marks piled upon a letter reach over the lines beside it.
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .replace(/\s+/g, " ")
    .trim()
  return shorten(visible, maxLength) || undefined
}

const named: Record<string, string> = {
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

/** Text as it was before it was escaped, once: what is unknown stays as it is. */
function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,8}));/gi, (whole, hex, decimal, name) => {
    if (name) return named[name] ?? whole

    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd"
  })
}
