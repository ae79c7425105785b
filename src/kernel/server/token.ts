/** A random connection token: 32 bytes as 43 characters. It is all a client needs, so it must be unguessable. */
export function makeToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true })
}
