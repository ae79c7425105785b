/** What is stored of a token, so that a stolen database opens nothing. Tokens are random, so a fast hash will do. */
export function tokenHash(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("hex")
}
