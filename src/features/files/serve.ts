import { contentDisposition } from "./names.ts"
import type { StoredBytes } from "./storage.ts"

interface ServeOptions {
  stored: StoredBytes
  /** Set only for what no browser runs: pictures that this server encoded, sound and film. All other files are downloaded. */
  type?: string
  name: string
  /** Stored content never changes, so neither does its ETag. */
  etag: string
}

/**
 * Answers with a file that the caller has authorized. The headers disarm hostile content: no scripts, no type sniffing,
 * no embedding by other sites. Browsers may cache the file but must revalidate it, because permissions change.
 */
export function serveFile(request: Request, { stored, type, name, etag }: ServeOptions): Response {
  const headers = new Headers({
    "content-type": type ?? "application/octet-stream",
    "content-disposition": contentDisposition(type ? "inline" : "attachment", name),
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "private, no-cache",
    vary: "cookie, authorization",
    "accept-ranges": "bytes",
    etag,
  })
  if (isCachedByClient(request, etag)) return new Response(null, { status: 304, headers })

  const range = rangeOf(request, stored.bytes, etag)
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${stored.bytes}`)
    return new Response(null, { status: 416, headers })
  }
  if (!range) return withBody(stored, headers)

  headers.set("content-range", `bytes ${range.from}-${range.to - 1}/${stored.bytes}`)
  return withBody(stored, headers, range)
}

function withBody(stored: StoredBytes, headers: Headers, range?: { from: number; to: number }): Response {
  const [from, to] = [range?.from ?? 0, range?.to ?? stored.bytes]
  headers.set("content-length", String(to - from))
  return new Response(stored.body(from, to), { status: range ? 206 : 200, headers })
}

function isCachedByClient(request: Request, etag: string): boolean {
  const etags = request.headers.get("if-none-match")
  return etags?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false
}

/** The requested range, or `undefined` for the whole file. Several ranges are ignored, which RFC 9110, 14.2 allows. */
function rangeOf(
  request: Request,
  bytes: number,
  etag: string,
): { from: number; to: number } | "unsatisfiable" | undefined {
  const ifRange = request.headers.get("if-range")
  if (ifRange && ifRange !== etag) return undefined
  const [, first = "", last = ""] = request.headers.get("range")?.match(/^bytes=(\d*)-(\d*)$/) ?? []
  if (!first && !last) return undefined

  const from = first ? Number(first) : Math.max(0, bytes - Number(last))
  const to = first && last ? Math.min(bytes, Number(last) + 1) : bytes
  if (from >= bytes || (!first && Number(last) === 0)) return "unsatisfiable"
  return from < to ? { from, to } : undefined
}
