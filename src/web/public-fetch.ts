import { lookup } from "node:dns/promises"
import { isIP } from "node:net"
import { Readable } from "node:stream"
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib"
import { isPublicAddress } from "./public-address.ts"

/** An address and port that a name led to. */
export interface Place {
  address: string
  port: number
}

interface Ways {
  /** All addresses of a name. */
  resolve?(name: string): Promise<string[]>
  /** May it be asked there? */
  allows?(place: Place): boolean
}

interface Asking {
  method?: "GET" | "POST"
  headers?: Record<string, string>
  body?: string
  /** Most bytes that are taken of the answer's body, unpacked. */
  maxBytes: number
  /** Of what is longer: take its beginning, and do not fail. */
  cuts?: boolean
  /** Looks at the head: is the body wanted? */
  wants?(head: Response): boolean
  maxRedirects?: number
  /** For all of it together: names, redirects, the body. */
  totalMs?: number
}

export interface PublicAnswer {
  /** Where it came from in the end. */
  url: string
  status: number
  headers: Headers
  /** Unpacked; empty when it was not wanted. */
  bytes: Uint8Array<ArrayBuffer>
}

/** Something at an address that somebody else chose could not be had; the message says why. */
export class Unfetched extends Error {
  override readonly name = "Unfetched"
}

const redirects = new Set([301, 302, 303, 307, 308])
const totalMs = 10_000
const maxUrlLength = 2048

const unpackers: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  "x-gzip": () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
}

/**
 * Asks what people name by an address, for them: so only what anyone on the internet can reach, never what only this
 * machine can (OWASP, "Server-Side Request Forgery Prevention"). A name is resolved here, all its addresses are looked
 * at, and it is the address that is connected to: asking the name again could give another. TLS still proves the name.
 */
export class PublicFetch {
  readonly #resolve: NonNullable<Ways["resolve"]>
  readonly #allows: NonNullable<Ways["allows"]>

  constructor({ resolve = resolveName, allows = isPublicPlace }: Ways = {}) {
    this.#resolve = resolve
    this.#allows = allows
  }

  /** Without cookies or credentials. Rejects with `Unfetched`, whatever went wrong. */
  async fetch(address: string, asking: Asking): Promise<PublicAnswer> {
    const signal = AbortSignal.timeout(asking.totalMs ?? totalMs)
    try {
      return await this.#follow(address, asking, signal)
    } catch (error) {
      if (error instanceof Unfetched) throw error
      // Whatever else goes wrong is the other side's: refused, cut, garbled, a certificate of somebody else.
      const code = error instanceof Error && "code" in error ? ` (${error.code})` : ""
      throw new Unfetched(signal.aborted ? "It took too long to answer" : `It could not be reached${code}`)
    }
  }

  async #follow(address: string, asking: Asking, signal: AbortSignal): Promise<PublicAnswer> {
    let url = webAddress(address)
    for (let left = asking.maxRedirects ?? 3; ; left--) {
      const response = await this.#ask(url, asking, signal)
      const location = redirects.has(response.status) ? response.headers.get("location") : null
      if (location === null || asking.maxRedirects === 0) {
        const bytes = await bodyOf(response, asking)
        return { url: url.href, status: response.status, headers: response.headers, bytes }
      }

      await response.body?.cancel()
      if (left === 0) throw new Unfetched("It redirects too often")
      url = webAddress(location, url)
    }
  }

  async #ask(url: URL, { method, headers, body }: Asking, signal: AbortSignal): Promise<Response> {
    const name = url.hostname.replace(/^\[|\]$/g, "")
    const found = isIP(name) ? [name] : await orAborted(this.#resolve(name), signal)
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80))
    // One that is ours among them, and the name is not to be trusted with any.
    const isAllowed = found.length > 0 && found.every((address) => this.#allows({ address, port }))
    if (!isAllowed) throw new Unfetched("It is not at a public address")

    // Of two kinds the one that works from everywhere.
    const address = found.find((one) => isIP(one) === 4) ?? found[0] ?? ""
    const target = new URL(url)
    target.hostname = isIP(address) === 6 ? `[${address}]` : address
    return fetch(target, {
      method,
      body,
      headers: {
        "user-agent": "CovenantChat/1.0",
        "accept-encoding": "identity",
        ...headers,
        host: url.host,
      },
      tls: isIP(name) ? undefined : { serverName: name },
      redirect: "manual",
      credentials: "omit",
      // Unpacked here, where it is counted.
      decompress: false,
      // A connection kept would be known by its address, and not by the name that was proven on it.
      keepalive: false,
      signal,
    })
  }
}

/** An address of the web as people write it, without a name and password in it. */
function webAddress(address: string, base?: URL): URL {
  const url = address.length <= maxUrlLength ? URL.parse(address, base?.href) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw new Unfetched("It is no address of the web")
  if (url.username || url.password) throw new Unfetched("Its address carries a password")

  url.hash = ""
  return url
}

function isPublicPlace({ address, port }: Place): boolean {
  return isPublicAddress(address) && (port === 80 || port === 443)
}

async function resolveName(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true })
  return found.map(({ address }) => address)
}

/** Names are resolved by the system, which takes the time it takes. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
}

async function bodyOf(
  response: Response,
  { wants, maxBytes, cuts }: Asking,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body || (wants && !wants(response))) {
    await response.body?.cancel()
    return new Uint8Array()
  }

  const parts: Uint8Array[] = []
  let left = maxBytes
  for await (const part of unpacked(response.headers, bounded(response.body, maxBytes, cuts))) {
    if (part.length > left && !cuts) throw new Unfetched("It is too large")
    parts.push(part.subarray(0, left))
    left -= part.length
    if (left <= 0 && cuts) break
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** No more than that comes in, whatever it says of its length. */
async function* bounded(body: ReadableStream<Uint8Array>, maxBytes: number, cuts?: boolean) {
  let left = maxBytes
  for await (const part of body) {
    if (part.length > left && !cuts) throw new Unfetched("It is too large")
    yield part.subarray(0, left)
    left -= part.length
    if (left <= 0 && cuts) return
  }
}

/** As it was before it was packed, piece by piece: what unpacks to a thousand times its size is left in time. */
function unpacked(headers: Headers, parts: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity"
  if (encoding === "identity" || encoding === "") return parts

  const unpacker = Object.hasOwn(unpackers, encoding) ? unpackers[encoding]?.() : undefined
  if (!unpacker) throw new Unfetched("It is packed in a way that was not asked for")

  const stream = Readable.from(parts)
  stream.on("error", (error) => (unpacker as unknown as Readable).destroy(error))
  return stream.pipe(unpacker) as unknown as AsyncIterable<Uint8Array>
}
