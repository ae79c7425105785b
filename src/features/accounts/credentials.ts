/** Prefix of bots' tokens, by which secret scanners recognize a leak. */
export const botTokenPrefix = "covenant_bot_"

const botToken = new RegExp(`^bearer +(${botTokenPrefix}[\\w-]{1,100}) *$`, "i")

/** The credential of a request. A bearer token takes precedence over a cookie, because only programs send one. */
export function credentialOf(headers: Headers): string | null {
  return headers.get("authorization") ?? sessionCookie(headers)
}

/** Headers with only that credential: a cookie must not authenticate a request whose token is invalid. */
export function onlyCredential(headers: Headers): Headers {
  const authorization = headers.get("authorization")
  return new Headers(authorization ? { authorization } : { cookie: sessionCookie(headers) ?? "" })
}

/** The bot's token in an `Authorization` header; `undefined` for any other credential. */
export function botTokenIn(credential: string): string | undefined {
  return credential.match(botToken)?.[1]
}

/** `name=value` of the session cookie. Other cookies must not change the cache key. */
function sessionCookie(headers: Headers): string | null {
  const cookies = headers.get("cookie")?.match(/(?:^|;\s*)((?:__Secure-)?covenant\.session_token=[^;]+)/)
  return cookies?.[1] ?? null
}
