/** The keys of a device, as its browser made them. */
export interface DeviceKeys {
  /** Its public key: a point on P-256 without compression, as base64url. */
  p256dh: string
  /** Its secret, 16 bytes as base64url. */
  auth: string
}

/** Random values of one message; given only by tests with known results. */
interface Fresh {
  salt: Uint8Array<ArrayBuffer>
  keys: CryptoKeyPair
}

const saltBytes = 16
const recordSize = 4096
const curve = { name: "ECDH", namedCurve: "P-256" } as const
const encoder = new TextEncoder()

/**
 * Encrypts a text so that only one device can read it, as the body of a request with `Content-Encoding: aes128gcm`.
 * Rejects when the device's keys are none. Source: RFC 8291, sections 3 and 4; RFC 8188, section 2.
 */
export async function encryptPush(text: string, device: DeviceKeys, fresh?: Fresh) {
  const keys = fresh?.keys ?? (await crypto.subtle.generateKey(curve, true, ["deriveBits"]))
  const salt = fresh?.salt ?? crypto.getRandomValues(new Uint8Array(saltBytes))
  const devicePoint = fromBase64(device.p256dh)
  const deviceKey = await importDeviceKey(device.p256dh)
  const ownPoint = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey))
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: deviceKey }, keys.privateKey, 256)

  const info = joined(encoder.encode("WebPush: info\0"), devicePoint, ownPoint)
  const secret = await derive(shared, { salt: fromBase64(device.auth), info, bytes: 32 })
  const from = (name: string, bytes: number) =>
    derive(secret, { salt, info: encoder.encode(`Content-Encoding: ${name}\0`), bytes })
  const key = await crypto.subtle.importKey("raw", await from("aes128gcm", 16), "AES-GCM", false, ["encrypt"])
  const nonce = await from("nonce", 12)
  // 2 delimits the last record from its padding, of which there is none.
  const record = joined(encoder.encode(text), new Uint8Array([2]))
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, record))

  const header = new Uint8Array(5)
  new DataView(header.buffer).setUint32(0, recordSize)
  header[4] = ownPoint.length
  return joined(salt, header, ownPoint, sealed)
}

/** The public key of a device. Rejects when it is no point on the curve. */
export function importDeviceKey(p256dh: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", fromBase64(p256dh), curve, false, [])
}

async function derive(
  key: ArrayBuffer | Uint8Array<ArrayBuffer>,
  { salt, info, bytes }: Record<"salt" | "info", Uint8Array<ArrayBuffer>> & { bytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const input = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"])
  const hkdf = { name: "HKDF", hash: "SHA-256", salt, info }
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf, input, bytes * 8))
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" })
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}
