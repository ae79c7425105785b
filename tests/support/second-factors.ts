import { recoveryCodes, signInSteps, totpSecrets, trustedDevices } from "../../drizzle/schema.ts"
import type { Chat } from "../../src/chat.ts"
import { findPasswordHash } from "../../src/features/accounts/store.ts"
import { stepAt, totpCode } from "../../src/features/second-factor/totp.ts"
import { seal } from "../../src/features/secret-box.ts"
import { tokenHash } from "../../src/features/token-hash.ts"
import { clientOf, type TestChat } from "./chat.ts"

/** The secret of every authenticator app of the tests. */
export const appSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

/** What such an app shows now, or some steps from now. */
export function appCode(steps = 0): string {
  return totpCode(appSecret, stepAt(new Date()) + steps)
}

interface KnownFactor {
  userId: string
  /** The app waits for its first code. */
  isBegun?: boolean
  codes?: readonly string[]
  /** The token of a sign-in that waits for the code. */
  step?: string
  /** The id of a browser that needs no code. */
  deviceId?: string
}

/** Gives somebody an authenticator app with that secret, and what belongs to it. */
export async function putFactor(
  { db, commits, config }: Pick<Chat, "db" | "commits" | "config">,
  { userId, isBegun = false, codes = [], step, deviceId }: KnownFactor,
): Promise<void> {
  const password = tokenHash((await findPasswordHash(db, userId)) ?? "")
  const expiresAt = new Date(Date.now() + 600_000)
  await commits.decide(async (tx) => {
    const confirmedAt = isBegun ? null : new Date()
    await tx
      .insert(totpSecrets)
      .values({ userId, secret: seal(config, appSecret), confirmedAt })
      .run()
    for (const code of codes) {
      const hash = tokenHash(code.replaceAll("-", ""))
      await tx
        .insert(recoveryCodes)
        .values({ id: crypto.randomUUID(), userId, purpose: "factor", hash })
        .run()
    }
    if (step) {
      const row = { hash: tokenHash(step), kind: "factor" as const, userId, data: { password }, expiresAt }
      await tx.insert(signInSteps).values(row).run()
    }
    if (deviceId) {
      const row = { hash: deviceId, userId, userAgent: "curl/8.5.0", expiresAt }
      await tx.insert(trustedDevices).values(row).run()
    }
  })
}

export const password = "password"
export const codes = ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"]

/** Logs in as bob by the procedure. */
export const loginAsBob = (
  app: TestChat,
  fields: { code?: string; password?: string; trustDevice?: boolean } = {},
) => clientOf(app.chat).mutate("login", { username: "bob", password, ...fields })
