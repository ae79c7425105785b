import { signInSteps } from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Tx } from "../../db/database.ts"
import { newToken } from "../instance/one-time-links.ts"
import { tokenHash } from "../token-hash.ts"
import { workBits } from "./contract.ts"

// Work in place of the question at sign-up: a browser looks for a number whose hash with our challenge begins with zeros.
// It costs a browser about a second, and who signs up by the thousand as much for each account. Source: Hashcash.

type Secret = Pick<Config, "authSecret">

/** How long a challenge can be answered: as long as somebody may take for the form. */
const validMs = 60 * 60_000

/** A challenge to work on. Nothing is stored: it carries when it ends, and our signature. */
export function newWork(config: Secret, now = Date.now()): string {
  const body = `${now + validMs}.${newToken()}`
  return `${body}.${signatureOf(config, body)}`
}

/** Whether an answer, a challenge of ours and a number after a colon, is right and comes in time. */
export function isWorkDone(config: Secret, answer: string, now = Date.now()): boolean {
  const { challenge, body, signature, endsAt } = partsOf(answer)
  if (!(endsAt > now) || signature !== signatureOf(config, body)) return false

  return challenge !== "" && zeroBits(new Bun.CryptoHasher("sha256").update(answer).digest()) >= workBits
}

/** Uses the challenge of a right answer up. `false` when it was used before. */
export async function spendWork(tx: Tx, answer: string): Promise<boolean> {
  const { challenge, endsAt } = partsOf(answer)
  const step = { hash: tokenHash(challenge), kind: "work", userId: null, data: {} } as const
  const spent = await tx
    .insert(signInSteps)
    .values({ ...step, expiresAt: new Date(endsAt) })
    .onConflictDoNothing()
    .returning({ hash: signInSteps.hash })
    .get()
  return spent !== undefined
}

function partsOf(answer: string) {
  const [, challenge = "", body = "", endsAt = "", signature = ""] =
    answer.match(/^(((\d{1,15})\.[\w-]{1,100})\.([\w-]{1,100})):\d{1,15}$/) ?? []
  return { challenge, body, endsAt: Number(endsAt || Number.NaN), signature }
}

function signatureOf({ authSecret }: Secret, body: string): string {
  // Apart from what else the secret signs.
  return new Bun.CryptoHasher("sha256", authSecret).update(`sign-up work ${body}`).digest("base64url")
}

function zeroBits(hash: Uint8Array): number {
  let bits = 0
  for (const byte of hash) {
    bits += Math.clz32(byte) - 24
    if (byte !== 0) break
  }
  return bits
}
