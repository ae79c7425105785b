import type { ProcedureRefuse } from "../../kernel/index.ts"
import type { RateLimit } from "../../rate-limit.ts"
import type { Context, Derived } from "../services.ts"
import { loginLimit } from "./limits.ts"
import { findPasswordHash } from "./store.ts"

/** What people read who tried too often. */
export const tooMany = "Too many tries. Wait a little, then try again"

type SetHeader = (name: string, value: string) => void

/** Wrong passwords: counted by account against guessing, by address against guessing many accounts. */
export class Guesses {
  readonly #keys: string[]

  constructor(
    private readonly limit: RateLimit,
    username: string,
    address: string,
  ) {
    this.#keys = [`account ${username.toLowerCase()}`, `address ${address}`]
  }

  /** Whole seconds to wait before the next; 0 when it is allowed now. */
  check(): number {
    return Math.max(...this.#keys.map((key) => this.limit.check(key)))
  }

  count(): void {
    for (const key of this.#keys) this.limit.count(key)
  }

  /** Says in the answer how many more may be wrong. */
  tell(setHeader: SetHeader): void {
    for (const [name, value] of this.limit.headers("logins", ...this.#keys)) setHeader(name, value)
  }
}

interface Confirmation {
  ctx: Context
  derived: Derived
  setHeader: SetHeader
  error: ProcedureRefuse
  password: string
  /** The input it came from, where the page says that it was wrong. */
  field: string
}

/**
 * Whoever holds a session must know the password too. Returns its hash, by which the change that follows can tell
 * that it is still the same. Fails: 401, 403 (wrong), 429.
 */
export async function confirmPassword(asked: Confirmation): Promise<string> {
  const { ctx, derived, setHeader, error, password, field } = asked
  const viewer = derived.requireAuth()
  const guesses = new Guesses(derived.limits.get(loginLimit), viewer.username, ctx.address)
  const refuseTooMany = () => {
    guesses.tell(setHeader)
    const retryAfterSeconds = guesses.check()
    if (retryAfterSeconds > 0) error(tooMany, 429, { retryAfterSeconds })
  }
  refuseTooMany()

  const hash = findPasswordHash(derived.db, viewer.id)
  const { password: passwords } = await (await derived.auth()).$context
  const isRight = hash !== undefined && (await passwords.verify({ hash, password }))
  // Once more: guesses sent all at once passed the first check together, and must not all be answered.
  refuseTooMany()
  if (isRight) return hash

  guesses.count()
  guesses.tell(setHeader)
  const message = "That is not your password"
  return error(message, 403, { issues: [{ path: field, message }] })
}
