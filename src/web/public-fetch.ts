import { lookup } from "node:dns/promises"
import { isIP } from "node:net"
import { BodyRefused, readBoundedBody } from "./bounded-body.ts"
import { isPublicIp } from "./public-ip.ts"

/** Where a connection would be opened. */
interface Endpoint {
  ip: string
  port: number
}

interface PublicFetchOptions {
  /** Returns all IPs of a host name. Default: the system's resolver. */
  resolve?(name: string): Promise<string[]>
  /** Whether a connection may be opened. Default: public IPs, ports 80 and 443. */
  allows?(endpoint: Endpoint): boolean
}

interface PublicRequest {
  method?: "GET" | "POST"
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  /** Most bytes of the response's body, after decompression. */
  maxBytes: number
  /** Take the first `maxBytes` of a longer body instead of failing. */
  truncate?: boolean
  /** Decides by status and headers whether to read the body. Default: always. */
  wantsBody?(response: Response): boolean
  /** Default 3. With 0 the redirect itself is the result. */
  maxRedirects?: number
  /** For everything together: name resolution, redirects and body. Default 10,000. */
  timeoutMs?: number
}

/** A response from a public server. */
export interface PublicResponse {
  /** The URL after all redirects. */
  url: string
  status: number
  headers: Headers
  /** The decompressed body; empty when `wantsBody` declined it. */
  bytes: Uint8Array<ArrayBuffer>
}

/** A URL chosen by someone else could not be fetched. The message says why and is safe to show. */
export class PublicFetchError extends Error {
  override readonly name = "PublicFetchError"
}

const redirectStatuses = new Set([301, 302, 303, 307, 308])
const defaultTimeoutMs = 10_000
const defaultMaxRedirects = 3
const maxUrlLength = 2048

/**
 * Fetches URLs that users chose, without letting them reach this machine or its network (OWASP, "Server-Side Request
 * Forgery Prevention"). It resolves the host name itself, checks every IP, and connects to the checked IP: resolving
 * the name a second time could return another one (DNS rebinding). TLS still verifies the host name.
 *
 * @example
 * const { status, bytes } = await new PublicFetch().fetch("https://example.org/", { maxBytes: 100_000 })
 */
export class PublicFetch {
  readonly #resolve: NonNullable<PublicFetchOptions["resolve"]>
  readonly #allows: NonNullable<PublicFetchOptions["allows"]>

  constructor({ resolve = resolveName, allows = isPublicEndpoint }: PublicFetchOptions = {}) {
    this.#resolve = resolve
    this.#allows = allows
  }

  /** Sends no cookies and no credentials. Rejects with `PublicFetchError` for every failure. */
  async fetch(url: string, request: PublicRequest): Promise<PublicResponse> {
    const signal = AbortSignal.timeout(request.timeoutMs ?? defaultTimeoutMs)
    try {
      return await this.#follow(parseUrl(url), request, signal)
    } catch (error) {
      if (error instanceof PublicFetchError) throw error
      if (error instanceof BodyRefused) throw new PublicFetchError(error.message)
      if (signal.aborted) throw new PublicFetchError("No response in time")

      // Connection refused or cut, a malformed response, a certificate for another name.
      const code = error instanceof Error && "code" in error ? ` (${error.code})` : ""
      throw new PublicFetchError(`The server could not be reached${code}`)
    }
  }

  async #follow(first: URL, request: PublicRequest, signal: AbortSignal): Promise<PublicResponse> {
    const { maxRedirects = defaultMaxRedirects, wantsBody = () => true } = request
    let url = first
    for (let left = maxRedirects; ; left--) {
      const response = await this.#send(url, request, signal)
      const { status, headers } = response
      const location = redirectStatuses.has(status) ? headers.get("location") : null
      if (location === null || maxRedirects === 0) {
        const isWanted = wantsBody(response)
        if (!isWanted) await response.body?.cancel()
        const bytes = isWanted ? await readBoundedBody(response, request) : new Uint8Array()
        return { url: url.href, status, headers, bytes }
      }

      await response.body?.cancel()
      if (left === 0) throw new PublicFetchError("Too many redirects")
      url = parseUrl(location, url)
    }
  }

  async #send(url: URL, { method, headers, body }: PublicRequest, signal: AbortSignal): Promise<Response> {
    const host = url.hostname.replace(/^\[|\]$/g, "")
    const target = new URL(url)
    target.hostname = await this.#checkedIp(url, host, signal)
    return fetch(target, {
      method,
      body,
      headers: {
        "user-agent": "CovenantChat/1.0",
        "accept-encoding": "identity",
        ...headers,
        host: url.host,
      },
      tls: isIP(host) ? undefined : { serverName: host },
      redirect: "manual",
      credentials: "omit",
      // `readBoundedBody` decompresses, because it counts the bytes while doing so.
      decompress: false,
      // Bun would pool the connection by IP and reuse it for another host name, whose certificate was never checked.
      keepalive: false,
      signal,
    })
  }

  /** The IP to connect to, in the form a URL takes. */
  async #checkedIp(url: URL, host: string, signal: AbortSignal): Promise<string> {
    const ips = isIP(host) ? [host] : await abortable(this.#resolve(host), signal)
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80))
    // A single private IP among public ones is enough to distrust the name.
    const isAllowed = ips.length > 0 && ips.every((ip) => this.#allows({ ip, port }))
    if (!isAllowed) throw new PublicFetchError("The host has no public IP address")

    // IPv4 first: this machine may have no IPv6 route.
    const ip = ips.find((candidate) => isIP(candidate) === 4) ?? ips[0] ?? ""
    return isIP(ip) === 6 ? `[${ip}]` : ip
  }
}

function parseUrl(text: string, base?: URL): URL {
  const url = text.length <= maxUrlLength ? URL.parse(text, base?.href) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw new PublicFetchError("Not an http or https URL")
  if (url.username || url.password) throw new PublicFetchError("The URL contains a user name or password")

  url.hash = ""
  return url
}

function isPublicEndpoint({ ip, port }: Endpoint): boolean {
  return isPublicIp(ip) && (port === 80 || port === 443)
}

async function resolveName(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true })
  return found.map(({ address }) => address)
}

/** Rejects when the signal aborts: the system's resolver cannot be cancelled and has its own, longer timeout. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
}
