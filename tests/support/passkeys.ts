import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto"
import { passkeys, signInSteps } from "../../drizzle/schema.ts"
import type { Chat } from "../../src/chat.ts"
import { tokenHash } from "../../src/features/token-hash.ts"

// A device with passkeys in software, as far as WebAuthn needs one. Source: Web Authentication, level 2, section 6.

const [userPresent, userVerified, attested] = [0x01, 0x04, 0x40]

interface Signing {
  origin: string
  challenge: string
  counter?: number
  /** The device did not ask for a fingerprint, face or PIN. */
  isUnverified?: boolean
}

/** A passkey, which answers as a browser would. */
export class SoftwarePasskey {
  readonly id = randomBytes(16).toString("base64url")
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
  })

  /** The public key as COSE, in base64url. */
  get publicKey(): string {
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" })
    // A map of five: kty EC2, alg ES256, crv P-256, x, y.
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20])
    const parts = [
      head,
      Buffer.from(x, "base64url"),
      Buffer.from([0x22, 0x58, 0x20]),
      Buffer.from(y, "base64url"),
    ]
    return Buffer.concat(parts).toString("base64url")
  }

  /** The answer to `navigator.credentials.create`, as JSON. */
  create({ origin, challenge }: Signing): string {
    const key = Buffer.from(this.publicKey, "base64url")
    const id = Buffer.from(this.id, "base64url")
    const flags = userPresent | userVerified | attested
    const data = Buffer.concat([
      ...[authenticatorData(origin, flags, 0), Buffer.alloc(16), Buffer.from([0, id.length]), id, key],
    ])
    // A map of three: fmt "none", an empty attStmt, authData.
    const attestation = Buffer.concat([
      ...[Buffer.from([0xa3, 0x63]), Buffer.from("fmt"), Buffer.from([0x64]), Buffer.from("none")],
      ...[Buffer.from([0x67]), Buffer.from("attStmt"), Buffer.from([0xa0])],
      ...[Buffer.from([0x68]), Buffer.from("authData"), Buffer.from([0x58, data.length]), data],
    ])
    return this.#answer({
      clientDataJSON: clientData("webauthn.create", origin, challenge).toString("base64url"),
      attestationObject: attestation.toString("base64url"),
      transports: ["internal"],
    })
  }

  /** The answer to `navigator.credentials.get`, as JSON. */
  get({ origin, challenge, counter = 1, isUnverified = false }: Signing): string {
    const data = authenticatorData(origin, isUnverified ? userPresent : userPresent | userVerified, counter)
    const client = clientData("webauthn.get", origin, challenge)
    const signed = Buffer.concat([data, sha256(client)])
    return this.#answer({
      clientDataJSON: client.toString("base64url"),
      authenticatorData: data.toString("base64url"),
      signature: sign("sha256", signed, this.#keys.privateKey).toString("base64url"),
    })
  }

  #answer(response: object): string {
    const { id } = this
    return JSON.stringify({ id, rawId: id, type: "public-key", response, clientExtensionResults: {} })
  }
}

function authenticatorData(origin: string, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([sha256(Buffer.from(new URL(origin).hostname)), Buffer.from([flags]), count])
}

function clientData(type: string, origin: string, challenge: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

function sha256(bytes: Buffer): Buffer {
  return Buffer.from(new Bun.CryptoHasher("sha256").update(bytes).digest())
}

/** A stored passkey, with a right answer to a step of each kind. */
export interface KnownPasskeys {
  id: string
  adding: { step: string; response: string }
  login: { step: string; response: string }
  confirming: { step: string; response: string }
}

/** Stores a passkey of somebody, a step to add another one, one to sign in, and one to confirm who they are. */
export async function putPasskeys(
  { commits }: Pick<Chat, "commits">,
  { userId, origin }: { userId: string; origin: string },
): Promise<KnownPasskeys> {
  const [known, added] = [new SoftwarePasskey(), new SoftwarePasskey()]
  const id = crypto.randomUUID()
  const [adding, login, confirming] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
  const challenge = randomBytes(32).toString("base64url")
  const expiresAt = new Date(Date.now() + 600_000)
  await commits.decide(async (tx) => {
    const { id: credentialId, publicKey } = known
    const kind = { transports: [], deviceType: "singleDevice" }
    await tx
      .insert(passkeys)
      .values({ id, userId, name: "Phone", credentialId, publicKey, ...kind })
      .run()
    for (const step of [
      { hash: tokenHash(adding), userId, data: { challenge, purpose: "add" } },
      { hash: tokenHash(login), userId: null, data: { challenge, purpose: "login" } },
      { hash: tokenHash(confirming), userId, data: { challenge, purpose: "confirm" } },
    ])
      await tx
        .insert(signInSteps)
        .values({ ...step, kind: "passkey", expiresAt })
        .run()
  })
  return {
    id,
    adding: { step: adding, response: added.create({ origin, challenge }) },
    login: { step: login, response: known.get({ origin, challenge }) },
    confirming: { step: confirming, response: known.get({ origin, challenge, counter: 2 }) },
  }
}
