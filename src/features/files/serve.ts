import { disposition } from "./names.ts"
import type { Stored } from "./storage.ts"

interface Served {
  stored: Stored
  /** Only for pictures that we made ourselves; everything else is bytes to save. */
  type?: string
  name: string
  /** Changes with the content, which never does. */
  etag: string
}

/**
 * A file for someone who may have it now. Nothing in it can act: it is no page, runs no script, is not guessed at,
 * and no other site can take it in. A browser may keep it, but has to ask each time whether it may still show it.
 */
export function serveFile(request: Request, { stored, type, name, etag }: Served): Response {
  const headers = new Headers({
    "content-type": type ?? "application/octet-stream",
    "content-disposition": disposition(type ? "inline" : "attachment", name),
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "private, no-cache",
    vary: "cookie, authorization",
    "accept-ranges": "bytes",
    etag,
  })
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers })

  const range = rangeOf(request, stored.bytes, etag)
  if (range === "beyond") {
    headers.set("content-range", `bytes */${stored.bytes}`)
    return new Response(null, { status: 416, headers })
  }
  if (!range) return withBody(stored, headers)

  headers.set("content-range", `bytes ${range.from}-${range.to - 1}/${stored.bytes}`)
  return withBody(stored, headers, range)
}

function withBody(stored: Stored, headers: Headers, range?: { from: number; to: number }): Response {
  const [from, to] = [range?.from ?? 0, range?.to ?? stored.bytes]
  headers.set("content-length", String(to - from))
  return new Response(stored.body(from, to), { status: range ? 206 : 200, headers })
}

function isKnown(request: Request, etag: string): boolean {
  const known = request.headers.get("if-none-match")
  return known?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false
}

/** The one range that is asked for; several at once are answered with all of it, as is allowed (RFC 9110, 14.2). */
function rangeOf(
  request: Request,
  bytes: number,
  etag: string,
): { from: number; to: number } | "beyond" | undefined {
  const ifRange = request.headers.get("if-range")
  if (ifRange && ifRange !== etag) return undefined
  const [, first = "", last = ""] = request.headers.get("range")?.match(/^bytes=(\d*)-(\d*)$/) ?? []
  if (!first && !last) return undefined

  const from = first ? Number(first) : Math.max(0, bytes - Number(last))
  const to = first && last ? Math.min(bytes, Number(last) + 1) : bytes
  if (from >= bytes || (!first && Number(last) === 0)) return "beyond"
  return from < to ? { from, to } : undefined
}
