import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { requirePasswords } from "../identity-providers/password-sign-in.ts"
import { isSuspended, suspensionNotice } from "../permissions/suspension.ts"
import { type Call, wrongLogin } from "./begin-session.ts"
import { loginLimit } from "./limits.ts"
import { inTurn, isPassword, PasswordGuesses, tooManyAttempts } from "./passwords.ts"
import { findPasswordHash, findUserByName } from "./store.ts"

/** A person who entered the right password, and its hash. */
export interface KnownPerson {
  id: string
  username: string
  passwordHash: string
}

/**
 * Finds the person of a name and a password, and counts wrong ones. Fails: 401 (wrong name or password), 403 (suspended; only
 * providers sign people in), 429.
 */
export function findByPassword(
  call: Call,
  inputs: { username: string; password: string },
): Promise<KnownPerson> {
  return inTurn(call, () => checkPassword(call, inputs))
}

async function checkPassword(
  { ctx, derived, setHeader }: Call,
  inputs: { username: string; password: string },
): Promise<KnownPerson> {
  const { db } = derived
  await requirePasswords(derived)
  const username = inputs.username.trim()
  const guesses = new PasswordGuesses(derived.limits.get(loginLimit), username, ctx.address)
  const refuseTooMany = async (retryAfterSeconds: number) => {
    await guesses.setHeaders(setHeader)
    if (retryAfterSeconds > 0) throw new Refusal(tooManyAttempts, 429, { retryAfterSeconds })
  }
  await refuseTooMany(await guesses.check())

  const user = await findUserByName(db, username)
  const hash = user && (await findPasswordHash(db, user.id))
  const isRight = await isPassword(hash, inputs.password)
  // Checked again: concurrent guesses of other clients pass the first check together.
  await refuseTooMany(await (isRight ? guesses.check() : guesses.take()))
  if (!user || !hash || !isRight) throw new Refusal(wrongLogin, 401)
  // Only who knows the password learns that the account is suspended.
  if (isSuspended(user, new Date())) throw new Refusal(suspensionNotice(user), 403)

  return { id: user.id, username: user.username, passwordHash: hash }
}

/** Refuses a password that was changed meanwhile: that ends sessions, so one may not begin with it. Fails: 401. */
export async function assertSamePassword(tx: Tx, { id, passwordHash }: KnownPerson): Promise<void> {
  await requirePasswords({ db: tx })
  if ((await findPasswordHash(tx, id)) !== passwordHash) throw new Refusal(wrongLogin, 401)
}
