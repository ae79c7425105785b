const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * Protects against cross-site request forgery: whether a request may change anything. It may if a page of this site
 * sent it, or a program. This replaces a token in every form, which would make each page different for every user
 * (OWASP, "Cross-Site Request Forgery Prevention", Fetch Metadata headers).
 */
export function isSameSiteRequest(request: Request, publicOrigin: string | undefined): boolean {
  // A bearer token was added by a program on purpose; no foreign page can make a browser send one.
  if (safeMethods.has(request.method) || hasBearerToken(request) || isFromProgram(request)) return true

  const site = request.headers.get("sec-fetch-site")
  const origin = request.headers.get("origin")
  if (site === null) return origin !== null && isAllowedOrigin(origin, request, publicOrigin)

  // With `Referrer-Policy: no-referrer` browsers send forms with `Origin: null`, which then says nothing.
  const isUnknown = origin === null || origin === "null"
  return site === "same-origin" && (isUnknown || isAllowedOrigin(origin, request, publicOrigin))
}

/**
 * Whether a WebSocket may be opened. Browsers do not apply the same-origin policy to WebSockets, so the server must
 * check `Origin` itself. Without one a bearer token is needed.
 */
export function isSameSiteUpgrade(request: Request, publicOrigin: string | undefined): boolean {
  const origin = request.headers.get("origin")
  if (origin === null) return hasBearerToken(request)

  return isAllowedOrigin(origin, request, publicOrigin)
}

function isAllowedOrigin(origin: string, request: Request, publicOrigin: string | undefined): boolean {
  if (publicOrigin) return origin === publicOrigin

  const host = request.headers.get("host") ?? new URL(request.url).host
  return origin === `http://${host}` || origin === `https://${host}`
}

/** The API ignores cookies, so only requests that a page makes a browser send have to be kept out. */
function isFromProgram(request: Request): boolean {
  return isFromNoPage(request) && isApiRequest(request)
}

/** Whether no page made a browser send a request: browsers say where each form comes from. */
export function isFromNoPage({ headers }: Request): boolean {
  return !headers.has("origin") && !headers.has("sec-fetch-site")
}

/** Whether a request is for the API, which answers in JSON. */
export function isApiRequest(request: Request): boolean {
  return new URL(request.url).pathname.startsWith("/api/")
}

/** Whether a request authenticates with a bearer token instead of a cookie. */
export function hasBearerToken(request: Request): boolean {
  return /^bearer \S/i.test(request.headers.get("authorization") ?? "")
}
