import { createHash, timingSafeEqual } from "node:crypto"

/** Whether a request carries this secret as its bearer token. Compares in constant time. */
export function hasBearerSecret({ headers }: Request, secret: string): boolean {
  const [, given = ""] = headers.get("authorization")?.match(/^bearer (\S+)$/i) ?? []
  return timingSafeEqual(hash(given), hash(secret))
}

/** `timingSafeEqual` needs equal lengths. Hashes have them, and do not reveal the secret's length. */
function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
