/** The key pair by which push services know this instance. Source: RFC 8292. */
export interface VapidKeys {
  privateKey: CryptoKey
  /** The public key as base64url: browsers bind a subscription to it. */
  publicKey: string
}

/** How long a signature is valid; at most 24 hours. Source: RFC 8292, section 2. */
const validMs = 12 * 3_600_000
/** It is renewed this long before it expires, because clocks differ. */
const reserveMs = 3_600_000
/** Push services that are signed for at once. Anybody can name one. */
const maxOrigins = 1000

const curve = { name: "ECDSA", namedCurve: "P-256" } as const
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
const header = encoded({ typ: "JWT", alg: "ES256" })

/** Makes a key pair, as the text that `importVapidKeys` reads. It contains the private key. */
export async function generateVapidKeys(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(curve, true, ["sign", "verify"])
  return JSON.stringify(await crypto.subtle.exportKey("jwk", privateKey))
}

export async function importVapidKeys(text: string): Promise<VapidKeys> {
  const jwk = JSON.parse(text)
  const privateKey = await crypto.subtle.importKey("jwk", jwk, curve, false, ["sign"])
  const [x, y] = [jwk.x, jwk.y].map((part: string) => Buffer.from(part, "base64url"))
  const point = Buffer.concat([Buffer.from([4]), x ?? Buffer.of(), y ?? Buffer.of()])
  return { privateKey, publicKey: point.toString("base64url") }
}

/** Signs requests to push services; each signature is used again until shortly before its end. */
export class VapidSigner {
  readonly #keys: VapidKeys
  readonly #subject: string | undefined
  readonly #signed = new Map<string, { header: string; endsAt: number }>()

  /** `subject` is where the operator of a push service reaches the one of this instance: a `https:` or `mailto:` URL. */
  constructor(keys: VapidKeys, subject: string | undefined) {
    this.#keys = keys
    this.#subject = subject
  }

  get publicKey(): string {
    return this.#keys.publicKey
  }

  /** The `Authorization` of a request to an endpoint at a time. */
  async authorization(endpoint: string, now: Date): Promise<string> {
    const { origin } = new URL(endpoint)
    const known = this.#signed.get(origin)
    if (known && known.endsAt - reserveMs > now.getTime()) return known.header

    const endsAt = now.getTime() + validMs
    const claims = { aud: origin, exp: Math.floor(endsAt / 1000), sub: this.#subject }
    const signedPart = `${header}.${encoded(claims)}`
    const algorithm = { name: "ECDSA", hash: "SHA-256" }
    const signature = await crypto.subtle.sign(algorithm, this.#keys.privateKey, Buffer.from(signedPart))
    const token = `${signedPart}.${Buffer.from(signature).toString("base64url")}`
    const signed = { header: `vapid t=${token}, k=${this.#keys.publicKey}`, endsAt }
    if (this.#signed.size >= maxOrigins) this.#signed.clear()
    this.#signed.set(origin, signed)
    return signed.header
  }
}
