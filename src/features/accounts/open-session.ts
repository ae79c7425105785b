import { timingSafeEqual } from "node:crypto"
import { eq, sql } from "drizzle-orm"
import { sessions, users } from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"

/** How long a browser stays signed in, and how often its session is renewed meanwhile, in seconds. */
export const sessionSeconds = 60 * 60 * 24 * 30
export const renewSeconds = 60 * 60 * 24

export type OpenSession = NonNullable<ReturnType<typeof findOpenSession>>

const statements = prepare((db: Db) => ({
  byToken: db
    .select({
      id: sessions.id,
      userId: sessions.userId,
      username: sql<string>`coalesce(${users.username}, ${users.name})`,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.token, sql.placeholder("token")))
    .prepare(),
}))

/**
 * The session behind a credential as long as there is nothing to do about it. So a server that has just started answers
 * people before it has loaded better-auth, which takes a third of its start. `undefined` for better-auth to say: for
 * what is to be renewed, has expired, or is none.
 */
export function findOpenSession(db: Db, config: Config, credential: string, now: number) {
  const token = bearerToken(credential) ?? cookieToken(credential, config)
  const found = token === undefined ? undefined : statements(db).byToken.get({ token })
  const renewedAt = now + (sessionSeconds - renewSeconds) * 1000
  return found && found.expiresAt.getTime() > renewedAt ? found : undefined
}

/** As `login` answers with it. */
function bearerToken(credential: string): string | undefined {
  return credential.match(/^bearer ([\w-]+)$/i)?.[1]
}

/** As better-auth signs cookies: the token, a dot, and its HMAC-SHA256 in base64. Written otherwise, it is asked. */
function cookieToken(credential: string, { authSecret, secureCookies }: Config): string | undefined {
  const [, prefix, token, signature] =
    credential.match(/^(__Secure-)?covenant\.session_token=([\w-]+)\.([\w%]+)$/) ?? []
  // Where cookies are secure, one that anybody could have set from an insecure page is none.
  if (!token || !signature || secureCookies !== (prefix !== undefined)) return undefined

  const expected = new Bun.CryptoHasher("sha256", authSecret).update(token).digest("base64")
  const [given, right] = [Buffer.from(signature), Buffer.from(encodeURIComponent(expected))]
  return given.length === right.length && timingSafeEqual(given, right) ? token : undefined
}
