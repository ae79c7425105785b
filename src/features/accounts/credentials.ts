/** How the token of a bot begins, so that scanners for leaked secrets find it. */
export const botTokenPrefix = "covenant_bot_"

const botToken = new RegExp(`^bearer +(${botTokenPrefix}[\\w-]{1,100}) *$`, "i")

/** What a request signs in with. A bearer token wins over a cookie: a program that sends one means it. */
export function credentialOf(headers: Headers): string | null {
  return headers.get("authorization") ?? sessionCookie(headers)
}

/** The headers with that credential alone: with both sent, the cookie must not answer for a bad token. */
export function onlyCredential(headers: Headers): Headers {
  const authorization = headers.get("authorization")
  return new Headers(authorization ? { authorization } : { cookie: sessionCookie(headers) ?? "" })
}

/** The bot's token in an `Authorization` header; `undefined` for any other credential. */
export function botTokenIn(credential: string): string | undefined {
  return credential.match(botToken)?.[1]
}

/** `name=value` of the session's cookie alone: other cookies of the browser must not make another cache key. */
function sessionCookie(headers: Headers): string | null {
  const cookies = headers.get("cookie")?.match(/(?:^|;\s*)((?:__Secure-)?covenant\.session_token=[^;]+)/)
  return cookies?.[1] ?? null
}
