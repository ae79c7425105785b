import { Cache, untilDeleted } from "../../cache/cache.ts"
import { type PublicFetch, PublicFetchError } from "../../web/public-fetch.ts"
import { decodePage, type PageSummary, readPage, toPlainLine } from "./page.ts"
import { type FetchedPicture, fetchPicture } from "./picture.ts"

/** Only the beginning of a page is read; its metadata is in the head. */
const maxPageBytes = 512 * 1024
const timeoutMs = 8000

/** The longer side of a preview's picture in pixels, twice the displayed size. */
const pictureSize = 800

/** A link in many messages is fetched once. */
const cacheTtlMs = 10 * 60_000
/** Pages with their pictures, about 100 KB each. */
const maxEntries = 200

/** The metadata and picture of a linked page. */
export interface LinkSummary extends Omit<PageSummary, "image"> {
  picture?: FetchedPicture
}

/** Fetches linked pages on the server, once for all readers, so that linked hosts never see a reader's ip. */
export class LinkReader {
  readonly #cache = new Cache<{ expiresAt: number; summary: Promise<LinkSummary | null> }>({ maxEntries })

  constructor(
    private readonly fetcher: PublicFetch,
    private readonly now: () => number = Date.now,
  ) {}

  /** Resolves to `null` when the page has no metadata or cannot be fetched. */
  read(url: string): Promise<LinkSummary | null> {
    const key = url.replace(/#.*$/s, "")
    const cached = this.#cache.get(key, untilDeleted)
    if (cached && cached.expiresAt > this.now()) return cached.summary

    const summary = this.#fetch(key)
    this.#cache.set(key, untilDeleted, { expiresAt: this.now() + cacheTtlMs, summary })
    return summary
  }

  async #fetch(url: string): Promise<LinkSummary | null> {
    try {
      const wantsBody = ({ status, headers }: Response) =>
        status === 200 &&
        /^(text\/html|application\/xhtml\+xml|image\/)/i.test(headers.get("content-type") ?? "")
      const accept = "text/html,application/xhtml+xml,image/*;q=0.8"
      const options = { headers: { accept, "accept-language": "en" }, timeoutMs, wantsBody }
      const {
        bytes,
        headers,
        url: finalUrl,
      } = await this.fetcher.fetch(url, { ...options, maxBytes: maxPageBytes, truncate: true })
      if (bytes.length === 0) return null

      const type = headers.get("content-type") ?? ""
      if (/^image\//i.test(type)) return await this.#readPictureLink(finalUrl)

      const page = readPage(decodePage(bytes, type))
      if (!page) return null

      const { image, ...texts } = page
      return { ...texts, picture: image ? await this.#fetchPicture(image, finalUrl) : undefined }
    } catch (error) {
      if (error instanceof PublicFetchError) return null

      throw error
    }
  }

  /** The preview of a link to a picture is the picture with its file name. */
  async #readPictureLink(url: string): Promise<LinkSummary | null> {
    const picture = await this.#fetchPicture(url)
    const { hostname, pathname } = new URL(url)
    const name = toPlainLine(decodePathSegment(pathname.split("/").at(-1) ?? ""), 100)
    return picture ? { title: name ?? hostname, picture } : null
  }

  async #fetchPicture(href: string, base?: string): Promise<FetchedPicture | undefined> {
    const url = URL.parse(href, base)
    return url ? fetchPicture(this.fetcher, url.href, pictureSize) : undefined
  }
}

function decodePathSegment(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
