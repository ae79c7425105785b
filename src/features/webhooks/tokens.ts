import { timingSafeEqual } from "node:crypto"
import { tokenHash } from "../token-hash.ts"

/** 384 random bits, as long as Discord's: not guessable, so a fast hash is enough to store it. */
export function newWebhookToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(48))
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true })
}

/** The HMAC key of an outgoing webhook: 256 random bits. Secret scanners recognize a leak by the prefix. */
export function newSigningSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `covenant_whsec_${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`
}

/** Whether the token has that hash. Compares in constant time against timing attacks. */
export function matchesTokenHash(hash: string, token: string): boolean {
  const [expected, actual] = [Buffer.from(hash), Buffer.from(tokenHash(token))]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
