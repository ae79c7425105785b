import type { Bytes } from "./bytes.ts"
import { leftOf } from "./kept.ts"
import { acceptsGzip, htmlHeaders } from "./reply.ts"

/** Memory for pages. A room of 50 messages has some 50 KB. */
const maxBytes = 64 * 1024 * 1024
/** What it costs to remember one of which no more is kept. */
const ownBytes = 512

interface Page {
  headers: Headers
  plain: Bytes
  /** Made for the first who takes it. */
  gzip: Bytes | null
}

interface Known {
  /** Of everything it was made from. */
  stamp: string
  etag: string
  /** Kept when it is asked for again. */
  page: Page | null
}

/**
 * Pages as they were last sent. One is sent again, or said to be unchanged, as long as nothing it could have been
 * made from has changed since; `stamp` tells two such states apart. Most are asked for once before something has: of
 * those no more is kept than their tag, since memory that is new each time takes longer than making them.
 */
export class KeptPages {
  readonly #known = new Map<string, Known>()
  #bytes = 0

  constructor(private readonly stamp: () => string) {}

  /** The page of that key, kept or made now. `key` must name all that it depends on besides what is stamped. */
  async answer(request: Request, key: string, make: () => Promise<Bytes>): Promise<Response> {
    const stamp = this.stamp()
    const known = this.#known.get(key)
    const isSame = known?.stamp === stamp
    if (isSame && hasAlready(request, known.etag)) return unchanged(known.etag)
    if (isSame && known.page) return respond(request, known.page)

    // What changes while it is made has another stamp already: then it is made again for the next.
    const plain = await make()
    const etag = `W/"${Bun.hash(plain).toString(36)}"`
    const page = { headers: htmlHeaders({ headers: { etag } }), plain, gzip: null }
    this.#keep(key, { stamp, etag, page: isSame ? page : null })
    return hasAlready(request, etag) ? unchanged(etag) : respond(request, page)
  }

  #keep(key: string, known: Known): void {
    this.#delete(key)
    this.#known.set(key, known)
    this.#bytes += bytesOf(known)
    if (this.#bytes > maxBytes) this.#makeRoom()
  }

  #makeRoom(): void {
    for (const oldest of this.#known.keys()) {
      if (this.#bytes <= leftOf(maxBytes)) return
      this.#delete(oldest)
    }
  }

  #delete(key: string): void {
    const known = this.#known.get(key)
    if (!known) return

    this.#known.delete(key)
    this.#bytes -= bytesOf(known)
  }
}

function bytesOf({ page }: Known): number {
  return ownBytes + (page?.plain.length ?? 0)
}

function hasAlready({ headers }: Request, etag: string): boolean {
  return headers.get("if-none-match")?.includes(etag) ?? false
}

function unchanged(etag: string): Response {
  return new Response(null, { status: 304, headers: htmlHeaders({ headers: { etag } }) })
}

function respond(request: Request, page: Page): Response {
  const { headers } = page
  if (!acceptsGzip(request)) return new Response(page.plain, { headers })

  page.gzip ??= Bun.gzipSync(page.plain, { level: 4 })
  const response = new Response(page.gzip, { headers })
  response.headers.set("content-encoding", "gzip")
  return response
}
