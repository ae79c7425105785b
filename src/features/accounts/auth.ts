import { type BetterAuthOptions, betterAuth } from "better-auth"
import { drizzleAdapter } from "better-auth/adapters/drizzle"
import { bearer, username } from "better-auth/plugins"
import * as schema from "../../../drizzle/schema.ts"
import { memoize } from "../../cache/memoize.ts"
import type { Config } from "../../config.ts"
import type { Database, Db, Tx } from "../../db/database.ts"
import { maxPasswordLength, maxUsernameLength, minPasswordLength, minUsernameLength } from "./contract.ts"
import { renewSeconds, sessionSeconds } from "./open-session.ts"
import { hashPassword, verifyPassword } from "./password-hash.ts"

export type Auth = ReturnType<typeof createAuth>

/**
 * better-auth over our tables. Its own HTTP routes are not served: procedures call `auth.api`, so that
 * every request passes the same validation, limits and origin rule.
 */
export function createAuth(database: Pick<Database, "db" | "commits">, config: Config) {
  return betterAuth({
    baseURL: config.publicOrigin ?? `http://localhost:${config.port}`,
    secret: config.authSecret,
    database: storage(database),
    emailAndPassword: {
      enabled: true,
      minPasswordLength,
      maxPasswordLength,
      password: {
        hash: hashPassword,
        verify: ({ hash, password }) => verifyPassword(password, hash),
      },
    },
    user: {
      // Part of the row from its first moment, so that nobody is in for a moment who has to wait.
      additionalFields: {
        waitingSince: { type: "date", required: false },
        application: { type: "string", required: false },
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

/** better-auth's methods that write, each in one statement. */
const writing = [
  "create",
  "update",
  "updateMany",
  "delete",
  "deleteMany",
  "consumeOne",
  "incrementOne",
] as const

/** Stores better-auth's data in our tables: it reads what is committed, and each of its writes is a commit. */
function storage({ db, commits }: Pick<Database, "db" | "commits">) {
  const adapterOn = (handle: Db) =>
    drizzleAdapter(handle, {
      provider: "sqlite",
      schema: {
        user: schema.users,
        session: schema.sessions,
        account: schema.accounts,
        verification: schema.verifications,
      },
    })
  return (options: BetterAuthOptions) => {
    const adapter = adapterOn(db)(options)
    const adapterIn = memoize((tx: Tx) => adapterOn(tx)(options))
    for (const name of writing) {
      Object.assign(adapter, {
        [name]: (input: unknown) =>
          commits.note("directory", (tx) => {
            const write = adapterIn(tx)[name] as (input: unknown) => Promise<unknown>
            return write(input)
          }),
      })
    }
    return adapter
  }
}
