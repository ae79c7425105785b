import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"
import type { Config } from "../config.ts"

type Secret = Pick<Config, "authSecret">

const algorithm = "aes-256-gcm"
const keyBytes = 32
/** Source: NIST SP 800-38D, 96 bits for the nonce and 128 for the tag. */
const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts a secret that must be read again, so that a stolen database alone does not contain it. What only has to be
 * compared is hashed instead (`token-hash.ts`).
 */
export function seal(secret: Secret, text: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, keyOf(secret), nonce)
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString("base64url")
}

/** Decrypts what `seal` returned; `undefined` when it was changed, or sealed with another `AUTH_SECRET`. */
export function open(secret: Secret, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, "base64url")
  if (bytes.length < nonceBytes + tagBytes) return undefined

  const decipher = createDecipheriv(algorithm, keyOf(secret), bytes.subarray(0, nonceBytes))
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  const encrypted = bytes.subarray(nonceBytes + tagBytes)
  try {
    return decipher.update(encrypted, undefined, "utf8") + decipher.final("utf8")
  } catch {
    // The tag does not match. Node reports it by an Error without a code of its own.
    return undefined
  }
}

/** A key of its own: the secret itself signs cookies. Source: RFC 5869. */
function keyOf({ authSecret }: Secret): Buffer {
  return Buffer.from(hkdfSync("sha256", authSecret, "", "covenant: stored secrets", keyBytes))
}
