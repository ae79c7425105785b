import { betterAuth } from "better-auth"
import { drizzleAdapter } from "better-auth/adapters/drizzle"
import { bearer, username } from "better-auth/plugins"
import * as schema from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Db } from "../../db/open.ts"
import { maxPasswordLength, maxUsernameLength, minPasswordLength, minUsernameLength } from "./contract.ts"
import { renewSeconds, sessionSeconds } from "./open-session.ts"

export type Auth = ReturnType<typeof createAuth>

/**
 * better-auth over our tables. Its own HTTP routes are not served: procedures call `auth.api`, so that
 * every request passes the same validation, limits and origin rule.
 */
export function createAuth(db: Db, config: Config) {
  return betterAuth({
    baseURL: config.publicOrigin ?? `http://localhost:${config.port}`,
    secret: config.authSecret,
    database: drizzleAdapter(db, {
      provider: "sqlite",
      schema: {
        user: schema.users,
        session: schema.sessions,
        account: schema.accounts,
        verification: schema.verifications,
      },
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength,
      maxPasswordLength,
      password: {
        hash: (password) => Bun.password.hash(password, "argon2id"),
        verify: ({ hash, password }) => Bun.password.verify(password, hash),
      },
    },
    session: { expiresIn: sessionSeconds, updateAge: renewSeconds },
    advanced: {
      cookiePrefix: "covenant",
      useSecureCookies: config.secureCookies,
      database: { generateId: () => crypto.randomUUID() },
      // The HTTP layer determines the client's ip; better-auth must not guess it from headers.
      ipAddress: { disableIpTracking: true },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      username({
        minUsernameLength,
        maxUsernameLength,
        usernameValidator: (name) => /^[a-zA-Z0-9_.-]+$/.test(name),
      }),
      bearer(),
    ],
  })
}
