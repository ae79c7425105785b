/**
 * Lifetime of the cookie in seconds: the longest that browsers allow (RFC 6265bis, 400 days). The session behind it
 * expires earlier when it is not used, and is renewed while it is.
 */
export const cookieSeconds = 400 * 24 * 60 * 60

/** Longest stored `User-Agent` of a session. */
const maxUserAgentLength = 400

/** The headers that better-auth stores with a session: only the shortened `User-Agent`. */
export function deviceOf({ headers }: { headers: Headers }): Headers {
  return new Headers({ "user-agent": (headers.get("user-agent") ?? "").slice(0, maxUserAgentLength) })
}

/** Sets better-auth's cookies, for as long as browsers keep them. */
export function setCookies(
  setHeader: (name: string, value: string) => void,
  from: Headers | undefined,
): void {
  for (const cookie of from?.getSetCookie() ?? []) {
    setHeader("set-cookie", cookie.replace(/Max-Age=[1-9]\d*/, `Max-Age=${cookieSeconds}`))
  }
}

/** better-auth refuses by throwing an APIError with a status below 500; anything else is a bug. */
export function nullIfRefused(thrown: unknown): null {
  const status = thrown instanceof Error && "statusCode" in thrown ? Number(thrown.statusCode) : 500
  if (status < 500) return null

  throw thrown
}
