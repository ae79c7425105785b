import { Cache, untilDeleted } from "../../cache/cache.ts"
import { type PublicFetch, PublicFetchError } from "../../web/public-fetch.ts"
import { decodePage, type PageSummary, plain, readPage } from "./page.ts"
import { type FoundPicture, fetchPicture } from "./picture.ts"

/** Of a page only its beginning is read: what it says of itself stands there. */
const maxPageBytes = 512 * 1024
const timeoutMs = 8000

/** The longer side of a preview's picture, twice what is shown. */
const pictureSize = 800

/** A link that many people send is fetched once. */
const cacheTtlMs = 10 * 60_000
/** Pages with their pictures, some 100 KB each. */
const maxEntries = 200

/** What is behind a link. */
export interface Found extends Omit<PageSummary, "image"> {
  picture?: FoundPicture
}

/** Reads what links lead to, for everyone at once and never by a reader's own browser. */
export class LinkReader {
  readonly #fetched = new Cache<{ expiresAt: number; found: Promise<Found | null> }>({ maxEntries })

  constructor(
    private readonly fetcher: PublicFetch,
    private readonly now: () => number = Date.now,
  ) {}

  /** `null` when there is nothing to show, whatever the reason. */
  read(url: string): Promise<Found | null> {
    const key = url.replace(/#.*$/s, "")
    const cached = this.#fetched.get(key, untilDeleted)
    if (cached && cached.expiresAt > this.now()) return cached.found

    const found = this.#read(key)
    this.#fetched.set(key, untilDeleted, { expiresAt: this.now() + cacheTtlMs, found })
    return found
  }

  async #read(url: string): Promise<Found | null> {
    try {
      const isWanted = ({ status, headers }: Response) =>
        status === 200 &&
        /^(text\/html|application\/xhtml\+xml|image\/)/i.test(headers.get("content-type") ?? "")
      const accept = "text/html,application/xhtml+xml,image/*;q=0.8"
      const asking = { headers: { accept, "accept-language": "en" }, timeoutMs, wantsBody: isWanted }
      const {
        bytes,
        headers,
        url: at,
      } = await this.fetcher.fetch(url, { ...asking, maxBytes: maxPageBytes, truncate: true })
      if (bytes.length === 0) return null

      const type = headers.get("content-type") ?? ""
      if (/^image\//i.test(type)) return await this.#pictureAlone(at)

      const page = readPage(decodePage(bytes, type))
      if (!page) return null

      const { image, ...summary } = page
      return { ...summary, picture: image ? await this.#picture(image, at) : undefined }
    } catch (error) {
      if (error instanceof PublicFetchError) return null

      throw error
    }
  }

  /** A link to a picture shows the picture, by its name. */
  async #pictureAlone(url: string): Promise<Found | null> {
    const picture = await this.#picture(url)
    const { hostname, pathname } = new URL(url)
    const name = plain(decoded(pathname.split("/").at(-1) ?? ""), 100)
    return picture ? { title: name ?? hostname, picture } : null
  }

  async #picture(address: string, base?: string): Promise<FoundPicture | undefined> {
    const url = URL.parse(address, base)
    return url ? fetchPicture(this.fetcher, url.href, pictureSize) : undefined
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
