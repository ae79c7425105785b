import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/** Codes of authenticator apps. Source: RFC 6238 with the values that all apps understand: SHA-1, 30 seconds, 6 digits. */
const stepSeconds = 30
const digits = 6
/** Steps that a clock may be off, in both directions. Source: RFC 6238, section 5.2. */
const tolerance = 1
/** Source: RFC 4226, section 4: 160 bits recommended. */
const secretBytes = 20

const base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/** A new secret in base32, the form in which people and apps exchange it. */
export function newTotpSecret(): string {
  return toBase32(randomBytes(secretBytes))
}

/** The number of the time step that contains a time. */
export function stepAt(now: Date): number {
  return Math.floor(now.getTime() / 1000 / stepSeconds)
}

/** The code of a step. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest()
  // Source: RFC 4226, section 5.3.
  const offset = (digest.at(-1) ?? 0) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, "0")
}

/** The step whose code it is, of those near `now` and after `lastStep`; `undefined` for none: each code works once. */
export function matchingStep(secret: string, code: string, now: Date, lastStep: number): number | undefined {
  const current = stepAt(now)
  for (let step = current - tolerance; step <= current + tolerance; step++) {
    if (step > lastStep && isSame(totpCode(secret, step), code)) return step
  }
  return undefined
}

/** The address that apps read from a QR code. Source: the Key URI Format of Google Authenticator. */
export function totpUri(secret: string, { issuer, username }: { issuer: string; username: string }): string {
  const name = issuer.replaceAll(":", "")
  const label = `${encodeURIComponent(name)}:${encodeURIComponent(username)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(name)}&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`
}

function isSame(expected: string, code: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(code)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function toBase32(bytes: Uint8Array): string {
  let [text, value, bits] = ["", 0, 0]
  for (const byte of bytes) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += base32Letters[(value >>> (bits - 5)) & 31]
  }
  return text
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let [value, bits] = [0, 0]
  for (const letter of text) {
    value = ((value << 5) | base32Letters.indexOf(letter)) & 0xffff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >>> bits) & 0xff)
    }
  }
  return Buffer.from(bytes)
}
