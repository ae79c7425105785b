const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * May this request change anything? Sent by a page of ours, or by a program that carries its own bearer token,
 * which no foreign page can. This takes the place of a token in every form, which would make each page different
 * for everyone (OWASP CSRF Prevention, "Fetch Metadata headers").
 */
export function isOwnRequest(request: Request, publicOrigin: string | undefined): boolean {
  if (safeMethods.has(request.method) || hasBearer(request) || isProgram(request)) return true

  const site = request.headers.get("sec-fetch-site")
  const origin = request.headers.get("origin")
  if (site === null) return origin !== null && isOwnOrigin(origin, request, publicOrigin)

  // A page that sends no referrer posts its forms with the origin "null", which then says nothing either way.
  const isSilent = origin === null || origin === "null"
  return site === "same-origin" && (isSilent || isOwnOrigin(origin, request, publicOrigin))
}

/** A WebSocket is not bound by the same-origin policy: the server must look at `Origin` itself. */
export function isOwnUpgrade(request: Request, publicOrigin: string | undefined): boolean {
  const origin = request.headers.get("origin")
  if (origin === null) return hasBearer(request)

  return isOwnOrigin(origin, request, publicOrigin)
}

function isOwnOrigin(origin: string, request: Request, publicOrigin: string | undefined): boolean {
  if (publicOrigin) return origin === publicOrigin

  const host = request.headers.get("host") ?? new URL(request.url).host
  return origin === `http://${host}` || origin === `https://${host}`
}

/** The API looks at no cookie, so all there is to keep out are pages of other sites. */
function isProgram(request: Request): boolean {
  const isPage = request.headers.has("origin") || request.headers.has("sec-fetch-site")
  return !isPage && isApi(request)
}

/** Is it asked of the API, which is for programs and answers in their language? */
export function isApi(request: Request): boolean {
  return new URL(request.url).pathname.startsWith("/api/")
}

/** Does it say who it is by a token of its own, and not by the cookie of whoever's browser it comes from? */
export function hasBearer(request: Request): boolean {
  return /^bearer \S/i.test(request.headers.get("authorization") ?? "")
}
