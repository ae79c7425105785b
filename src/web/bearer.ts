import { createHash, timingSafeEqual } from "node:crypto"

/** Does a request carry this secret as its bearer token? Takes equally long however much of it is right. */
export function bears({ headers }: Request, secret: string): boolean {
  const [, given = ""] = headers.get("authorization")?.match(/^bearer (\S+)$/i) ?? []
  return timingSafeEqual(hash(given), hash(secret))
}

/** Hashes are equally long, as `timingSafeEqual` demands, and so do not tell the length of what was hashed. */
function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
