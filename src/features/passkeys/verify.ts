import type { Config } from "../../config.ts"
import type { Db, Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { findStep, insertStep, useStep } from "../sign-in-steps.ts"
import { findPasskey, listPasskeysOf, markPasskeyUsed } from "./store.ts"
import { loadWebAuthn, readAnswer, siteOf, unlessWrong } from "./web-authn.ts"

/** How long a browser may take to answer, in minutes. */
export const stepMinutes = 5

export const tooLate = "This took too long. Try again"
export const unknownPasskey = "This passkey does not work here. Log in another way"

/** What a passkey is asked for. */
type Purpose = "login" | "confirm"

interface Asking {
  db: Db
  commits: { decide(write: (tx: Tx) => Promise<string>): Promise<string> }
  config: Pick<Config, "publicOrigin">
  request: { url: string }
}

/** Stores a challenge, and returns what to ask the browser. With a user, only their passkeys answer it. */
export async function askForPasskey(
  { db, commits, config, request }: Asking,
  { userId, purpose }: { userId: string | null; purpose: Purpose },
) {
  const known = userId === null ? [] : await listPasskeysOf(db, userId)
  const { generateAuthenticationOptions } = await loadWebAuthn()
  const options = await generateAuthenticationOptions({
    rpID: siteOf(config, request).rpID,
    userVerification: "required",
    allowCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
  })
  const data = { challenge: options.challenge, purpose }
  const step = await commits.decide((tx) =>
    insertStep(tx, { kind: "passkey", userId, data, minutes: stepMinutes }),
  )
  return { step, options: JSON.stringify(options) }
}

interface Answered {
  step: string
  response: string
  purpose: Purpose
}

/**
 * Checks the answer of a passkey. Returns whose it is, and what uses it up in the commit that follows from it. Fails: 401
 * (too late, unknown, wrong).
 */
export async function verifyPasskey(
  { db, config, request }: Pick<Asking, "db" | "config" | "request">,
  answered: Answered,
): Promise<{ userId: string; use(tx: Tx): Promise<void> }> {
  const step = await findStep(db, "passkey", answered.step)
  if (step?.data.purpose !== answered.purpose) throw new Refusal(tooLate, 401)

  const response = readAnswer(answered.response)
  const passkey = response && (await findPasskey(db, response.id))
  if (!passkey || (step.userId !== null && step.userId !== passkey.userId))
    throw new Refusal(unknownPasskey, 401)

  const { verifyAuthenticationResponse } = await loadWebAuthn()
  const { rpID, origins } = siteOf(config, request)
  const { credentialId: id, counter, publicKey } = passkey
  const verified = await unlessWrong(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: String(step.data.challenge),
      expectedOrigin: origins,
      expectedRPID: rpID,
      requireUserVerification: true,
      credential: { id, counter, publicKey: new Uint8Array(Buffer.from(publicKey, "base64url")) },
    }),
  )
  if (!verified?.verified) throw new Refusal(unknownPasskey, 401)

  return {
    userId: passkey.userId,
    async use(tx) {
      if (!(await useStep(tx, "passkey", answered.step))) throw new Refusal(tooLate, 401)
      const isUsed = await markPasskeyUsed(tx, passkey, verified.authenticationInfo.newCounter)
      if (!isUsed) throw new Refusal(unknownPasskey, 401)
    },
  }
}
