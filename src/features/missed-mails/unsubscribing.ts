import type { Config } from "../../config.ts"

/** The path of the link that stops these e-mails. */
export const unsubscribePath = "/unsubscribe"

/** The secret that ends the mails to a user, without a session. The same in all of them, so that old mails work too. */
export function unsubscribeToken({ authSecret }: Pick<Config, "authSecret">, userId: string): string {
  const signed = new Bun.CryptoHasher("sha256", authSecret).update(`covenant: unsubscribe ${userId}`)
  return `${userId}.${signed.digest("base64url")}`
}

/** Whose mails a token would end, if it is one. */
export function userIdIn(token: string): string {
  return token.slice(0, Math.max(0, token.lastIndexOf(".")))
}
