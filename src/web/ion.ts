import ION from "@covenant-rpc/ion"

/** Parses ION text. Returns `undefined` when it is not ION or not an object. */
export function parseIonObject(text: unknown): Record<string, unknown> | undefined {
  try {
    const value = ION.parse(String(text))
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** A response with an ION body; the content type is the one that the reference server sends. */
export function ionResponse(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(ION.stringify(value as never), {
    status,
    headers: { ...headers, "content-type": "application/json", "cache-control": "no-store" },
  })
}
