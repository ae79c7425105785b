import { timingSafeEqual } from "node:crypto"
import { eq, sql } from "drizzle-orm"
import { sessions, users } from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"

/** Lifetime of a session without use, and the interval at which use renews it, in seconds. */
export const sessionSeconds = 60 * 60 * 24 * 30
export const renewSeconds = 60 * 60 * 24
/** A session that expires sooner is renewed before its use goes on: gathered renewals might come too late for it. */
const soonSeconds = 5 * 60

/** A session and its user. */
export type OpenSession = Omit<NonNullable<Awaited<ReturnType<typeof findOpenSession>>>, "isDue" | "token">

const statements = prepare((db: Db) => ({
  byTokens: db
    .select({
      token: sessions.token,
      id: sessions.id,
      userId: sessions.userId,
      username: sql<string>`coalesce(${users.username}, ${users.name})`,
      expiresAt: sessions.expiresAt,
      isWaiting: sql<boolean>`${users.waitingSince} is not null`.mapWith(Boolean),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(sql`${sessions.token} in ${textsIn(db, sql.placeholder("tokens"))}`)
    .prepare(),
}))

const byToken = gathered(
  (db, tokens) => statements(db).byTokens.all({ tokens: JSON.stringify(tokens) }),
  ({ token }) => token,
)

/**
 * The session of a credential, read without better-auth, whose loading takes a third of the server's start; `isDue` when
 * its use has to renew it. `undefined` when better-auth must decide: for sessions that have expired or soon do, and
 * invalid credentials.
 */
export async function findOpenSession(db: Db, config: Config, credential: string, now: number) {
  const token = bearerToken(credential) ?? cookieToken(credential, config)
  const [session] = token === undefined ? [] : await byToken(db, token)
  const secondsLeft = session ? (session.expiresAt.getTime() - now) / 1000 : 0
  if (!session || secondsLeft <= soonSeconds) return undefined

  return { ...session, isDue: secondsLeft <= sessionSeconds - renewSeconds }
}

/** A token in the form that `login` returns. */
function bearerToken(credential: string): string | undefined {
  return credential.match(/^bearer ([\w-]+)$/i)?.[1]
}

/** The token of a cookie signed by better-auth: the token, a dot, and its HMAC-SHA256 in base64. */
function cookieToken(credential: string, { authSecret, secureCookies }: Config): string | undefined {
  const [, prefix, token, signature] =
    credential.match(/^(__Secure-)?covenant\.session_token=([\w-]+)\.([\w%]+)$/) ?? []
  // With secure cookies, a cookie without the `__Secure-` prefix may have been planted over plain HTTP.
  if (!token || !signature || secureCookies !== (prefix !== undefined)) return undefined

  const expected = new Bun.CryptoHasher("sha256", authSecret).update(token).digest("base64")
  const [actual, expectedBytes] = [Buffer.from(signature), Buffer.from(encodeURIComponent(expected))]
  return actual.length === expectedBytes.length && timingSafeEqual(actual, expectedBytes) ? token : undefined
}
