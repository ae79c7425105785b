import { AdmissionFilter, Cache } from "../cache/cache.ts"
import type { Bytes } from "./bytes.ts"
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

interface CachedPage {
  headers: Headers
  plain: Bytes
  /** For the first who accepts it so. */
  compressed: Partial<Record<Encoding, Bytes>>
}

/**
 * Caches whole pages, and answers 304 to a browser that has the current one.
 *
 * A page is valid for one version of everything there is: each commit, by any writer in any process, invalidates all
 * pages. So a worker must not write where there is nothing to do, or every page is made anew for it.
 */
export class PageCache {
  readonly #version: () => string
  readonly #pages = new Cache<CachedPage>({
    maxBytes: maxPageBytes,
    bytesOf: ({ plain }) => plain.length * 1.5,
  })
  /** Also of pages that are not cached: a browser that comes back with its etag is why most are requested again. */
  readonly #etags = new Cache<string>({ maxBytes: maxEtagBytes, bytesOf: (etag) => etag.length })

  readonly #requests = new AdmissionFilter()

  /** `version` names the state of everything that pages are made from. */
  constructor(version: () => string) {
    this.#version = version
  }

  /** The page of that key, cached or made now. */
  async answer(request: Request, options: PageOptions, make: () => Promise<Bytes>): Promise<Response> {
    const { key } = options
    const version = this.#version()
    const etag = this.#etags.get(key, version)
    if (etag !== undefined && accepts(request, etag)) return notModified(etag)

    const cached = this.#pages.get(key, version)
    if (cached) return respond(request, cached)

    return this.#make(request, { ...options, version }, make)
  }

  async #make(
    request: Request,
    { key, version, styleSheets }: PageOptions & { version: string },
    make: () => Promise<Bytes>,
  ): Promise<Response> {
    const plain = await make()
    const etag = this.#etags.set(key, version, `W/"${Bun.hash(plain).toString(36)}"`)
    const headers = htmlHeaders({ headers: { etag, link: styleSheets.map(preload).join(", ") } })
    const page = { headers, plain, compressed: {} }
    if (this.#requests.admits(key, version)) this.#pages.set(key, version, page)
    return accepts(request, etag) ? notModified(etag) : respond(request, page)
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

function respond(request: Request, page: CachedPage): Response {
  const { headers } = page
  const encoding = encodingFor(request)
  if (!encoding) return new Response(page.plain, { headers })

  page.compressed[encoding] ??= compress(page.plain, encoding)
  const response = new Response(page.compressed[encoding], { headers })
  response.headers.set("content-encoding", encoding)
  return response
}
