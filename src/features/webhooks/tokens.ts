import { timingSafeEqual } from "node:crypto"
import { tokenHash } from "../token-hash.ts"

/** 384 bits: nothing to guess, so a fast hash keeps it well. Discord's are as long. */
export function newWebhookToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(48))
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true })
}

/** Signs what outgoing webhooks are told: 256 bits, known by its prefix where it leaks. */
export function newSigningSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `covenant_whsec_${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`
}

/** Is it the token of that hash? In the same time, however much of it is right. */
export function isTokenOf(hash: string, token: string): boolean {
  const [right, given] = [Buffer.from(hash), Buffer.from(tokenHash(token))]
  return right.length === given.length && timingSafeEqual(right, given)
}
