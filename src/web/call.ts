import type { CallRequest } from "../kernel/index.ts"

/** Set by the edge: what a client sends under this name is thrown away. */
const addressHeader = "x-client-address"

interface Edge {
  server: Bun.Server<unknown> | null
  /** Believe `X-Forwarded-For`: only behind a proxy of one's own, since anyone can send it. */
  trustProxy: boolean
}

/** A request as the contract sees it: its headers, and the address it came from. */
export function toCall(request: Request, { server, trustProxy }: Edge): CallRequest {
  const headers = new Headers(request.headers)
  // The last entry is the one that the nearest proxy wrote.
  const forwarded = trustProxy ? request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined
  headers.set(addressHeader, forwarded || (server?.requestIP(request)?.address ?? ""))
  return { headers, url: request.url }
}

/** The address a call came from; empty when it did not come over the network. */
export function addressOf({ headers }: CallRequest): string {
  return headers.get(addressHeader) ?? ""
}
