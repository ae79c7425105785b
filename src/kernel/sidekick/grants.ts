import type { Grant } from "../wire.ts"

interface ExpiringGrant {
  grant: Grant
  /** In milliseconds since the epoch. */
  expiresAt: number
}

/**
 * Tokens that were handed out and that nobody has used yet. All live equally long, so they expire in the order they
 * were added and sweeping looks only at those that are due. No timer: every use sweeps.
 */
export class Grants {
  private readonly waiting = new Map<string, ExpiringGrant>()

  constructor(
    private readonly tokenSeconds: number,
    private readonly maxTokens: number,
    private readonly now: () => number,
  ) {}

  get size(): number {
    this.sweep()

    return this.waiting.size
  }

  /** Keeps a grant until it is taken or expires. Beyond the cap the oldest give way. */
  add(grant: Grant): void {
    this.sweep()
    for (const oldest of this.waiting.keys()) {
      if (this.waiting.size < this.maxTokens) break
      this.waiting.delete(oldest)
    }
    this.waiting.set(grant.token, { grant, expiresAt: this.now() + this.tokenSeconds * 1000 })
  }

  /** The grant of a token that is still good, once. */
  take(token: string): Grant | undefined {
    this.sweep()
    const found = this.waiting.get(token)
    this.waiting.delete(token)

    return found?.grant
  }

  /** Takes back every token whose grant matches. */
  revoke(matches: (grant: Grant) => boolean): void {
    for (const [token, { grant }] of this.waiting) {
      if (matches(grant)) this.waiting.delete(token)
    }
  }

  private sweep(): void {
    const now = this.now()
    for (const [token, { expiresAt }] of this.waiting) {
      if (expiresAt > now) return
      this.waiting.delete(token)
    }
  }
}
