/** Hashes a token for storage, so that a stolen database contains no usable tokens. A fast hash is safe: tokens are random. */
export function tokenHash(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("hex")
}
