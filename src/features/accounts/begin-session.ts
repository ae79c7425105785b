import { sessions } from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { newToken } from "../instance/one-time-links.ts"
import { isSuspended, suspensionNotice } from "../permissions/suspension.ts"
import type { Context, Derived } from "../services.ts"
import { makeRoomForSession } from "../sessions/store.ts"
import { cookieSeconds, deviceOf } from "./new-session.ts"
import { sessionSeconds } from "./open-session.ts"
import { findUser } from "./store.ts"

/** The call by which somebody signs in. */
export interface Call {
  ctx: Context
  derived: Derived
  request: { headers: Headers }
  setHeader(name: string, value: string): void
}

export const wrongLogin = "Wrong username or password"

/**
 * Signs a user in who has proved who they are: stores a session and sets its cookie. `assertProof` is called in the same
 * commit, with its handle, and throws a `Refusal` when the proof does not hold any more. Fails: 401 (no such user), 403
 * (suspended).
 */
export async function beginSession(
  { ctx, derived, request, setHeader }: Call,
  userId: string,
  assertProof: (tx: Tx) => Promise<void>,
) {
  const now = new Date()
  const [token, userAgent] = [newToken(), deviceOf(request).get("user-agent") ?? ""]
  const user = await derived.publisher.decide(async (changes) => {
    const { tx } = changes
    const found = await findUser(tx, userId)
    if (!found || found.botOwnerId !== null) throw new Refusal(wrongLogin, 401)
    await assertProof(tx)
    // Only who proved who they are learns that the account is suspended.
    if (isSuspended(found, now)) throw new Refusal(suspensionNotice(found), 403)

    await makeRoomForSession(changes, userId, now)
    await insertSession(tx, { token, userId, userAgent, ipAddress: ctx.address, now })
    return found
  })
  setHeader("set-cookie", sessionCookie(derived.config, token))
  const isWaiting = user.waitingSince ? { isWaiting: true as const } : {}
  return { token, userId, username: user.username, ...isWaiting }
}

interface NewSession {
  token: string
  userId: string
  userAgent: string
  ipAddress: string
  now: Date
}

/** Stores a session as better-auth would, but in a commit of ours, together with what it depends on. */
async function insertSession(tx: Tx, { now, ...session }: NewSession): Promise<void> {
  const expiresAt = new Date(now.getTime() + sessionSeconds * 1000)
  const times = { expiresAt, createdAt: now, updatedAt: now }
  await tx
    .insert(sessions)
    .values({ id: crypto.randomUUID(), ...session, ...times })
    .run()
}

/** A cookie that only the server reads, and that browsers send with requests from our own pages and links to them. */
export function privateCookie(
  { secureCookies }: Pick<Config, "secureCookies">,
  { name, value, path = "/", seconds }: { name: string; value: string; path?: string; seconds: number },
): string {
  const prefixed = cookieName({ secureCookies }, name)
  return `${prefixed}=${value}; Max-Age=${seconds}; Path=${path}; HttpOnly${secureCookies ? "; Secure" : ""}; SameSite=Lax`
}

/** The value of such a cookie in a request. */
export function readPrivateCookie(
  { secureCookies }: Pick<Config, "secureCookies">,
  { headers }: { headers: Headers },
  name: string,
): string | undefined {
  const prefixed = cookieName({ secureCookies }, name)
  for (const cookie of headers.get("cookie")?.split(/;\s*/) ?? []) {
    if (cookie.startsWith(`${prefixed}=`)) return cookie.slice(prefixed.length + 1)
  }
  return undefined
}

/** With secure cookies, one without the `__Secure-` prefix may have been planted over plain HTTP. */
function cookieName({ secureCookies }: Pick<Config, "secureCookies">, name: string): string {
  return `${secureCookies ? "__Secure-" : ""}covenant.${name}`
}

/** The cookie of a session, signed as better-auth signs it: the token, a dot, and its HMAC-SHA256 in base64. */
function sessionCookie(config: Pick<Config, "authSecret" | "secureCookies">, token: string): string {
  const signature = new Bun.CryptoHasher("sha256", config.authSecret).update(token).digest("base64")
  const value = `${token}.${encodeURIComponent(signature)}`
  return privateCookie(config, { name: "session_token", value, seconds: cookieSeconds })
}
