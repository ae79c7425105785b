/** A random connection token: 32 bytes as 43 characters. Whoever has it may use the connection, so it is unguessable. */
export function makeToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true })
}
