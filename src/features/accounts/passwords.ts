import type { ProcedureRefuse } from "../../kernel/index.ts"
import type { RateLimiter } from "../../rate-limit.ts"
import { networkOf } from "../../web/network-of.ts"
import type { Context, Derived } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"
import { loginLimit } from "./limits.ts"
import { hashPassword, verifyPassword } from "./password-hash.ts"
import { findPasswordHash } from "./store.ts"

export const changedMeanwhile = "Your password was changed meanwhile. Log in again"
export const tooManyAttempts = "Too many attempts. Wait a moment, then try again"

type SetHeader = (name: string, value: string) => void

/** Counts wrong passwords: by account against guessing, and by ip against guessing on many accounts. */
export class PasswordGuesses {
  readonly #keys: string[]

  constructor(
    private readonly limit: RateLimiter,
    username: string,
    ip: string,
  ) {
    this.#keys = [`account ${username.toLowerCase()}`, `address ${networkOf(ip)}`]
  }

  /** Whole seconds to wait before the next attempt; 0 when it is allowed now. */
  async check(): Promise<number> {
    return Math.max(...(await Promise.all(this.#keys.map((key) => this.limit.check(key)))))
  }

  /** Checks and counts a wrong password in one step, so that of several at the same time no more pass than are left. */
  async take(): Promise<number> {
    return Math.max(...(await Promise.all(this.#keys.map((key) => this.limit.take(key)))))
  }

  async count(): Promise<void> {
    await Promise.all(this.#keys.map((key) => this.limit.count(key)))
  }

  /** Sets the rate limit headers of the response. */
  async setHeaders(setHeader: SetHeader): Promise<void> {
    for (const [name, value] of await this.limit.headers("logins", ...this.#keys)) setHeader(name, value)
  }
}

/**
 * Checks passwords of one client one after another, each with what those before it have counted: of a thousand at once
 * only as many are hashed as the limit allows, and the others' logins do not wait behind them.
 */
export async function inTurn<T>(
  { ctx, derived }: Pick<Confirmation, "ctx" | "derived">,
  check: () => Promise<T>,
): Promise<T> {
  const turn = derived.turns.take(`password from ${networkOf(ctx.address)}`)
  try {
    await turn.before
    return await check()
  } finally {
    turn.end()
  }
}

/** Hashes a new password, one of a client after another: whoever may do it once can send the same a thousand times. */
export function hashInTurn(call: Pick<Confirmation, "ctx" | "derived">, password: string): Promise<string> {
  return inTurn(call, () => hashPassword(password))
}

/** Is it the password with that hash? Takes the same time where there is none, as for an unknown name. */
export async function isPassword(hash: string | undefined, password: string): Promise<boolean> {
  if (hash !== undefined) return verifyPassword(password, hash)

  await hashPassword("nobody's password")
  return false
}

interface Confirmation {
  ctx: Context
  derived: Derived
  setHeader: SetHeader
  error: ProcedureRefuse
  password: string
  /** The input field of the password, where a page shows the failure. */
  field: string
}

/**
 * Like `confirmPassword`; who has no password, since they log in at a provider, must have logged in recently instead.
 * Returns the hash, `undefined` without one. Fails: 401, 403 (wrong; confirm first), 429.
 */
export async function confirmPasswordIfAny(options: Confirmation): Promise<string | undefined> {
  const { derived } = options
  const viewer = derived.requireAuth()
  if ((await findPasswordHash(derived.db, viewer.id)) !== undefined) return confirmPassword(options)

  await requireRecentConfirmation(derived, viewer)
  return undefined
}

/**
 * Checks the viewer's password, so that a stolen session is not enough. Returns its hash: the commit that follows
 * compares it, in case the password is changed meanwhile. Fails: 401, 403 (wrong), 429.
 */
export function confirmPassword(options: Confirmation): Promise<string> {
  return inTurn(options, () => checkOwnPassword(options))
}

async function checkOwnPassword(options: Confirmation): Promise<string> {
  const { ctx, derived, setHeader, error, password, field } = options
  const viewer = derived.requireAuth()
  const guesses = new PasswordGuesses(derived.limits.get(loginLimit), viewer.username, ctx.address)
  const refuseTooMany = async (retryAfterSeconds: number) => {
    await guesses.setHeaders(setHeader)
    if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })
  }
  await refuseTooMany(await guesses.check())

  const hash = await findPasswordHash(derived.db, viewer.id)
  const isRight = await isPassword(hash, password)
  // Checked again: concurrent guesses of other clients pass the first check together.
  await refuseTooMany(await (isRight ? guesses.check() : guesses.take()))
  if (hash && isRight) return hash

  const message = "That is not your password"
  return error(message, 403, { issues: [{ path: field, message }] })
}
