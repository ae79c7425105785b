import { hasBearerSecret } from "./bearer.ts"

/** Headers that proxies add to requests. */
const forwardingHeaders = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"]

interface MetricsAccess {
  request: Request
  /** The peer's IP; empty for a call that did not come over the network. */
  address: string
  /** The configured token; nothing: only this machine may read them. */
  token?: string
}

/** Refuses metrics to all but this machine and clients with the token: metrics show how many people are here and what they do.
 * `undefined` if access is allowed. A proxy on this machine is recognized by its headers, or by the host it passes on.
 */
export function refuseMetrics({ request, address, token }: MetricsAccess): Response | undefined {
  if (token !== undefined && hasBearerSecret(request, token)) return undefined
  if (isFromThisMachine(request, address)) return undefined

  const text =
    token === undefined
      ? "Metrics are for this machine only. Set METRICS_TOKEN to read them from elsewhere\n"
      : "Send the token of METRICS_TOKEN as Authorization: Bearer\n"
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" }
  return token === undefined
    ? new Response(text, { status: 403, headers })
    : new Response(text, {
        status: 401,
        headers: { ...headers, "www-authenticate": 'Bearer realm="Metrics"' },
      })
}

function isFromThisMachine({ headers, url }: Request, address: string): boolean {
  if (!/^((::ffff:)?127\.|::1$)/i.test(address)) return false
  if (forwardingHeaders.some((name) => headers.has(name))) return false

  const { hostname } = new URL(url)
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
