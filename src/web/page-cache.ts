import { AdmissionFilter, Cache } from "../cache/cache.ts"
import { type Bytes, JoinBuffer, type PagePart } from "./bytes.ts"
import { compress, type Encoding, encodingFor, htmlHeaders } from "./reply.ts"

/** Memory for pages. A room of 50 messages has some 50 KB, and a quarter of that again for each way it was compressed. */
const maxPageBytes = 64 * 1024 * 1024
const maxEtagBytes = 8 * 1024 * 1024

interface PageOptions {
  /** Names all that the page depends on besides what has a version. */
  key: string
  /** The addresses of the style sheets for which its first paint waits. */
  styleSheets: string[]
}

interface Page {
  headers: Headers
  parts: Bytes[]
  /** Its bodies, each made for the first who accepts it so; `undefined` when it is not cached. */
  bodies: Partial<Record<Encoding | "plain", Blob>> | undefined
}

/**
 * Caches whole pages, and answers 304 to a browser that has the current one.
 *
 * A page is valid for one version of everything there is: each commit, by any writer in any process, invalidates all
 * pages. So a worker must not write where there is nothing to do, or every page is made anew for it.
 */
export class PageCache {
  readonly #version: () => string
  readonly #pages = new Cache<Page>({
    maxBytes: maxPageBytes,
    bytesOf: ({ parts }) => parts.reduce((bytes, { length }) => bytes + length, 0) * 1.5,
  })
  /** Also of pages that are not cached: a browser that comes back with its etag is why most are requested again. */
  readonly #etags = new Cache<string>({ maxBytes: maxEtagBytes, bytesOf: (etag) => etag.length })

  readonly #requests = new AdmissionFilter()
  readonly #buffer = new JoinBuffer()

  /** `version` names the state of everything that pages are made from. */
  constructor(version: () => string) {
    this.#version = version
  }

  /** The page of that key, cached or made now. */
  async answer(request: Request, options: PageOptions, make: () => Promise<PagePart[]>): Promise<Response> {
    const { key } = options
    const version = this.#version()
    const etag = this.#etags.get(key, version)
    if (etag !== undefined && accepts(request, etag)) return notModified(etag)

    const cached = this.#pages.get(key, version)
    if (cached) return this.#respond(request, cached)

    return this.#make(request, { ...options, version }, make)
  }

  async #make(
    request: Request,
    { key, version, styleSheets }: PageOptions & { version: string },
    make: () => Promise<PagePart[]>,
  ): Promise<Response> {
    const parts = await make()
    const etag = this.#etags.set(key, version, `W/"${parts.map(({ hash }) => hash).join("-")}"`)
    const headers = htmlHeaders({ headers: { etag, link: styleSheets.map(preload).join(", ") } })
    const isCached = this.#requests.admits(key, version)
    const page = { headers, parts: parts.map(({ bytes }) => bytes), bodies: isCached ? {} : undefined }
    if (isCached) this.#pages.set(key, version, page)
    return accepts(request, etag) ? notModified(etag) : this.#respond(request, page)
  }

  #respond(request: Request, page: Page): Response {
    const encoding = encodingFor(request)
    const response = new Response(this.#body(page, encoding), { headers: page.headers })
    if (encoding) response.headers.set("content-encoding", encoding)
    return response
  }

  #body({ parts, bodies }: Page, encoding: Encoding | undefined): Blob | Bytes {
    const cached = bodies?.[encoding ?? "plain"]
    if (cached) return cached

    const joined = this.#buffer.join(parts)
    const body = encoding ? compress(joined, encoding) : joined
    if (!bodies) return body

    // Responses share the memory of a blob, and copy that of an array.
    const blob = new Blob([body])
    bodies[encoding ?? "plain"] = blob
    return blob
  }
}

/** By this header a browser requests a style sheet before it has received the page. */
function preload(styleSheet: string): string {
  return `<${styleSheet}>; rel=preload; as=style`
}

/** Does the browser have the page with that etag? */
function accepts({ headers }: Request, etag: string): boolean {
  return headers.get("if-none-match")?.includes(etag) ?? false
}

function notModified(etag: string): Response {
  return new Response(null, { status: 304, headers: htmlHeaders({ headers: { etag } }) })
}
