import { type ChannelFault, closeCodes, type ProcedureError, statusOf } from "../kernel/index.ts"
import type { Bytes } from "./bytes.ts"

/** Responses below this size fit one packet anyway, so they are not compressed. */
const minCompressedBytes = 1400

const contentSecurityPolicy = (frameAncestors: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join("; ")

const pagePolicy = contentSecurityPolicy("'none'")
const framePolicy = contentSecurityPolicy("'self'")

interface ReplyOptions {
  /** Default 200. */
  status?: number
  headers?: Headers | Record<string, string>
  /** Allow pages of this site to show it in a frame. */
  framed?: boolean
}

/** Headers of every HTML response: content type, security policy, caching. Keeps a `cache-control` that is given. */
export function htmlHeaders({ headers, framed }: ReplyOptions = {}): Headers {
  const all = new Headers(headers)
  all.set("content-type", "text/html; charset=utf-8")
  all.set("content-security-policy", framed ? framePolicy : pagePolicy)
  all.set("x-content-type-options", "nosniff")
  all.set("referrer-policy", "no-referrer")
  all.set("cross-origin-opener-policy", "same-origin")
  // A page depends on the viewer, and its fragments have the same URL.
  if (!all.has("cache-control")) all.set("cache-control", "private, no-cache")
  all.set("vary", "accept-encoding, cookie, hx-request")
  return all
}

/** A page or fragment, compressed if the client accepts it. */
export function html(request: Request, markup: string, options: ReplyOptions = {}): Response {
  return compressed(request, markup, { status: options.status, headers: htmlHeaders(options) })
}

/** Data for a program as JSON. Dates become ISO 8601 strings. Not cached unless `cache-control` is given. */
export function json(request: Request, data: unknown, { status, headers }: ReplyOptions = {}): Response {
  const all = new Headers(headers)
  all.set("content-type", "application/json; charset=utf-8")
  all.set("x-content-type-options", "nosniff")
  if (!all.has("cache-control")) all.set("cache-control", "no-store")
  all.set("vary", "accept, accept-encoding, authorization, cookie")
  return compressed(request, JSON.stringify(data), { status, headers: all })
}

/** A failure for a program: `{ error: { code, message, retryAfterSeconds?, issues? } }` with `code` as status. */
export function jsonError(
  request: Request,
  error: ProcedureError,
  headers?: ReplyOptions["headers"],
): Response {
  const { code, message, retryAfterSeconds, issues } = error
  const all = new Headers(headers)
  if (retryAfterSeconds) all.set("retry-after", String(retryAfterSeconds))
  // Required with 401: RFC 6750, section 3.
  if (code === 401) all.set("www-authenticate", 'Bearer realm="Covenant Chat"')
  return json(
    request,
    { error: { code, message, retryAfterSeconds, issues } },
    { status: code, headers: all },
  )
}

/** A short text that every first visit fetches, compressed if the client accepts it: all of them together count. */
export function visitFile(request: Request, text: string, headers: Record<string, string>): Response {
  const all = new Headers({ ...headers, vary: "accept-encoding" })
  return compressed(request, text, { headers: all }, 0)
}

function compressed(
  request: Request,
  text: string,
  init: { status?: number; headers: Headers },
  minBytes = minCompressedBytes,
): Response {
  const encoding = text.length < minBytes ? undefined : encodingFor(request)
  if (!encoding) return new Response(text, init)

  init.headers.set("content-encoding", encoding)
  return new Response(compress(text, encoding), init)
}

export type Encoding = "zstd" | "gzip"

/** The first that the client accepts is used: zstd takes half the time of gzip, and is a little smaller. */
const encodings: [Encoding, RegExp][] = [
  ["zstd", /\bzstd\b(?!;q=0(\.0*)?(,|$))/],
  ["gzip", /\bgzip\b(?!;q=0(\.0*)?(,|$))/],
]

/** How to compress for a client; `undefined` if it accepts nothing of ours (RFC 9110, section 12.5.3). */
export function encodingFor(request: Request): Encoding | undefined {
  const accepted = request.headers.get("accept-encoding") ?? ""
  return encodings.find(([, pattern]) => pattern.test(accepted))?.[0]
}

/** Compresses markup, a page of 60 KB in some 0.1 ms by zstd. */
export function compress(content: string | Bytes, encoding: Encoding): Bytes {
  if (encoding === "gzip") return Bun.gzipSync(content, { level: 4 })

  // A copy: by its type it might be shared memory, which no response takes.
  return new Uint8Array(Bun.zstdCompressSync(content, { level: 3 }))
}

/** Whether htmx asks for a fragment of a page. */
export function wantsFragment(request: Request): boolean {
  return request.headers.get("hx-request") === "true"
}

/** Whether the client asks for JSON: a program, or a script of one of our pages. */
export function wantsJson(request: Request): boolean {
  return request.headers.get("accept")?.includes("application/json") ?? false
}

/** Whether the client asks for server-sent events. */
export function wantsEvents(request: Request): boolean {
  return request.headers.get("accept")?.includes("text/event-stream") ?? false
}

/** The format for a client that reads line by line: JSON `lines`, plain `text`, or `undefined` for any other client. */
export function wantsTail(request: Request): "lines" | "text" | undefined {
  const accept = request.headers.get("accept") ?? ""
  if (wantsEvents(request)) return undefined
  if (/application\/(x-ndjson|ndjson|jsonl)\b/.test(accept)) return "lines"

  return /^text\/plain\b/.test(accept.trim()) ? "text" : undefined
}

/** Redirects to `location` with GET: 303, or for htmx 204 with `HX-Redirect`. */
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

/**
 * Answers an action whose result arrives live. For htmx: 204 with an event that closes the dialog; a plain form is
 * redirected to `location`.
 */
export function doneAt(request: Request, location: string): Response {
  if (!wantsFragment(request)) return goTo(request, location)

  return new Response(null, { status: 204, headers: { "hx-trigger": "dialog:close" } })
}

/** The WebSocket close code of a refusal; 1011 (internal error) for a status without one. */
export function closeCodeOf(refusal: Partial<ChannelFault>): number {
  const codes: Record<number, number> = closeCodes
  return codes[statusOf(refusal)] ?? 1011
}

/** A `Retry-After` header if the refusal says when to try again. */
export function retryHeaders({ retryAfterSeconds }: { retryAfterSeconds?: number }): Record<string, string> {
  return retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : {}
}
