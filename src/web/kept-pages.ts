import { htmlHeaders, takesGzip } from "./reply.ts"

/** Memory for pages. A room of 50 messages has some 50 KB. */
const maxBytes = 64 * 1024 * 1024

interface Kept {
  /** Of everything it was made from. */
  stamp: string
  etag: string
  headers: Headers
  plain: Uint8Array<ArrayBuffer>
  /** Made for the first who takes it. */
  gzip: Uint8Array<ArrayBuffer> | null
}

/**
 * Pages as they were last sent. One is sent again, or said to be unchanged, as long as nothing it could have been
 * made from has changed since; `stamp` tells two such states apart.
 */
export class KeptPages {
  readonly #pages = new Map<string, Kept>()
  #bytes = 0

  constructor(private readonly stamp: () => string) {}

  /** The page of that key, kept or made now. `key` must name all that it depends on besides what is stamped. */
  async answer(request: Request, key: string, make: () => Promise<string>): Promise<Response> {
    const stamp = this.stamp()
    const kept = this.#pages.get(key)
    if (kept?.stamp === stamp) return respond(request, kept)

    // What changes while it is made has another stamp already: then it is made again for the next.
    const plain = new TextEncoder().encode(await make())
    const etag = `W/"${Bun.hash(plain).toString(36)}"`
    const page = { stamp, etag, headers: htmlHeaders({ headers: { etag } }), plain, gzip: null }
    this.#keep(key, page)
    return respond(request, page)
  }

  #keep(key: string, page: Kept): void {
    this.#delete(key)
    this.#pages.set(key, page)
    this.#bytes += page.plain.length
    for (const oldest of this.#pages.keys()) {
      if (this.#bytes <= maxBytes) return
      this.#delete(oldest)
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#pages.get(key)?.plain.length ?? 0
    this.#pages.delete(key)
  }
}

function respond(request: Request, page: Kept): Response {
  const { headers } = page
  if (request.headers.get("if-none-match")?.includes(page.etag))
    return new Response(null, { status: 304, headers })
  if (!takesGzip(request)) return new Response(page.plain, { headers })

  page.gzip ??= Bun.gzipSync(page.plain, { level: 4 })
  const response = new Response(page.gzip, { headers })
  response.headers.set("content-encoding", "gzip")
  return response
}
