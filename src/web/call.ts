import type { CallRequest } from "../kernel/index.ts"

/** Carries the client's IP to the handlers. `toCallRequest` always sets it, so a client cannot forge it. */
const clientIpHeader = "x-client-address"

interface CallOptions {
  server: Bun.Server<unknown> | null
  /** Take the IP from `X-Forwarded-For`. Only safe behind a proxy that sets it, because anyone can send it. */
  trustProxy: boolean
}

/** Converts a request into what the contract's handlers see of it: headers, URL and the client's IP. */
export function toCallRequest(request: Request, { server, trustProxy }: CallOptions): CallRequest {
  const headers = new Headers(request.headers)
  // The nearest proxy appends its entry last; those before it come from the client.
  const forwarded = trustProxy ? request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined
  headers.set(clientIpHeader, forwarded || (server?.requestIP(request)?.address ?? ""))
  return { headers, url: request.url }
}

/** The client's IP; empty for a call that did not come over the network. */
export function clientIp({ headers }: CallRequest): string {
  return headers.get(clientIpHeader) ?? ""
}

/** The call without its cookie, for endpoints that authenticate by bearer token only. Changes `headers` in place. */
export function withoutCookie({ headers, url }: CallRequest): CallRequest {
  headers.delete("cookie")
  return { headers, url }
}
