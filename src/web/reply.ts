import type { ChannelFault, ProcedureError } from "../kernel/index.ts"

/** Smaller answers are sent as they are: compressing them saves no packet. */
const minCompressedBytes = 1400

const policy = (frameAncestors: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join("; ")

const pagePolicy = policy("'none'")
const framePolicy = policy("'self'")

interface Options {
  status?: number
  headers?: Headers | Record<string, string>
  /** May stand in a frame of our own pages. */
  framed?: boolean
}

/** The headers of every HTML answer. */
export function htmlHeaders({ headers, framed }: Options = {}): Headers {
  const all = new Headers(headers)
  all.set("content-type", "text/html; charset=utf-8")
  all.set("content-security-policy", framed ? framePolicy : pagePolicy)
  all.set("x-content-type-options", "nosniff")
  all.set("referrer-policy", "no-referrer")
  all.set("cross-origin-opener-policy", "same-origin")
  // Pages depend on who asks, and a fragment shares its page's address.
  if (!all.has("cache-control")) all.set("cache-control", "private, no-cache")
  all.set("vary", "accept-encoding, cookie, hx-request")
  return all
}

/** A page or fragment, compressed where that helps. */
export function html(request: Request, markup: string, options: Options = {}): Response {
  return compressed(request, markup, { status: options.status, headers: htmlHeaders(options) })
}

/** Data for a program, as JSON; times in it are ISO 8601. */
export function json(request: Request, data: unknown, { status, headers }: Options = {}): Response {
  const all = new Headers(headers)
  all.set("content-type", "application/json; charset=utf-8")
  all.set("x-content-type-options", "nosniff")
  if (!all.has("cache-control")) all.set("cache-control", "no-store")
  all.set("vary", "accept, accept-encoding, authorization, cookie")
  return compressed(request, JSON.stringify(data), { status, headers: all })
}

/** A failure for a program: the same fields wherever it comes from. */
export function jsonError(request: Request, error: ProcedureError, headers?: Options["headers"]): Response {
  const { code, message, retryAfterSeconds, issues } = error
  const all = new Headers(headers)
  if (retryAfterSeconds) all.set("retry-after", String(retryAfterSeconds))
  // RFC 6750, section 3.
  if (code === 401) all.set("www-authenticate", 'Bearer realm="Covenant Chat"')
  return json(
    request,
    { error: { code, message, retryAfterSeconds, issues } },
    { status: code, headers: all },
  )
}

function compressed(request: Request, text: string, init: { status?: number; headers: Headers }): Response {
  const takesGzip = /\bgzip\b(?!;q=0(\.0*)?(,|$))/.test(request.headers.get("accept-encoding") ?? "")
  if (!takesGzip || text.length < minCompressedBytes) return new Response(text, init)

  init.headers.set("content-encoding", "gzip")
  return new Response(Bun.gzipSync(text, { level: 4 }), init)
}

/** Does it take an answer compressed with gzip? */
export function takesGzip(request: Request): boolean {
  return /\bgzip\b(?!;q=0(\.0*)?(,|$))/.test(request.headers.get("accept-encoding") ?? "")
}

/** Is it htmx asking for a part of a page? */
export function wantsFragment(request: Request): boolean {
  return request.headers.get("hx-request") === "true"
}

/** Is it a program, or a script of ours, asking for data? */
export function wantsJson(request: Request): boolean {
  return request.headers.get("accept")?.includes("application/json") ?? false
}

/** Is it something that reads server-sent events? */
export function wantsEvents(request: Request): boolean {
  return request.headers.get("accept")?.includes("text/event-stream") ?? false
}

/** Is it something that reads line by line, and what should the lines be? */
export function wantsTail(request: Request): "lines" | "text" | undefined {
  const accept = request.headers.get("accept") ?? ""
  if (wantsEvents(request)) return undefined
  if (/application\/(x-ndjson|ndjson|jsonl)\b/.test(accept)) return "lines"

  return /^text\/plain\b/.test(accept.trim()) ? "text" : undefined
}

/** Go there with GET, whether a browser or htmx asked. */
export function goTo(
  request: Request,
  location: string,
  headers?: Headers | Record<string, string>,
): Response {
  const all = new Headers(headers)
  if (wantsFragment(request)) {
    all.set("hx-redirect", location)
    return new Response(null, { status: 204, headers: all })
  }
  all.set("location", location)
  return new Response(null, { status: 303, headers: all })
}

/** Done, and the page shows it by itself: htmx closes the dialog it came from, a plain form goes there. */
export function doneAt(request: Request, location: string): Response {
  if (!wantsFragment(request)) return goTo(request, location)

  return new Response(null, { status: 204, headers: { "hx-trigger": "dialog:close" } })
}

/** The HTTP status of a failure. */
export function statusOf({ code, fault }: Partial<ProcedureError & ChannelFault>): number {
  return code ?? (fault === "client" ? 400 : fault === "sidekick" ? 503 : 500)
}

/** Close codes of a WebSocket by HTTP status. The first two make a client come back, the others do not. */
const closeCodes: Record<number, number> = {
  503: 1012,
  429: 1013,
  400: 4400,
  401: 4401,
  403: 4403,
  404: 4404,
}

/** Why a WebSocket ends, as a close code. */
export function closeCodeOf(failure: Partial<ProcedureError & ChannelFault>): number {
  return closeCodes[statusOf(failure)] ?? 1011
}

/** `Retry-After` where there is a time to wait for. */
export function retryHeaders({ retryAfterSeconds }: { retryAfterSeconds?: number }): Record<string, string> {
  return retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : {}
}
