import type { Grant } from "../wire.ts"

/** How long an unused token is valid, in milliseconds. */
export const tokenTtlMs = 60_000
/** Most unused tokens; beyond it the oldest are evicted. */
export const maxUnusedTokens = 10_000

/** Grants of other sidekicks, whose tokens clients may use here. */
export interface GrantsElsewhere {
  /** Calls `add` with the grant of a token that is not known here, if there is one. Nobody gets it again. Never rejects. */
  take(token: string, add: (grant: Grant) => void): Promise<void>
  /** Called when a client has used a token here. */
  onUsed(token: string): void
}

interface ExpiringGrant {
  grant: Grant
  /** In milliseconds since the epoch. */
  expiresAt: number
}

/**
 * Granted tokens that are not used yet. All have the same lifetime, so they expire in the order they were added, and
 * removing the expired ones looks only at those. There is no timer: every access removes them.
 */
export class Grants {
  readonly #unused = new Map<string, ExpiringGrant>()
  readonly #now: () => number

  /** `now` returns milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** The number of unused tokens. */
  get size(): number {
    this.#removeExpired()

    return this.#unused.size
  }

  has(token: string): boolean {
    return this.#unused.has(token)
  }

  /** Adds a grant. It is valid until it is taken, revoked or expired. */
  add(grant: Grant): void {
    this.#removeExpired()
    for (const oldest of this.#unused.keys()) {
      if (this.#unused.size < maxUnusedTokens) break
      this.#unused.delete(oldest)
    }
    this.#unused.set(grant.token, { grant, expiresAt: this.#now() + tokenTtlMs })
  }

  /** Removes and returns a token's grant, so that it can be used only once; `undefined` when it is not valid. */
  take(token: string): Grant | undefined {
    this.#removeExpired()
    const found = this.#unused.get(token)
    this.#unused.delete(token)

    return found?.grant
  }

  /** Removes every token whose grant matches. */
  revoke(matches: (grant: Grant) => boolean): void {
    for (const [token, { grant }] of this.#unused) {
      if (matches(grant)) this.#unused.delete(token)
    }
  }

  #removeExpired(): void {
    const now = this.#now()
    for (const [token, { expiresAt }] of this.#unused) {
      if (expiresAt > now) return
      this.#unused.delete(token)
    }
  }
}
