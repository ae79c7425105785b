import type { RateLimitConfig } from "./config.ts"
import { type RateLimitPolicy, rateLimitHeaders } from "./rate-limit-headers.ts"

/** Beyond this many keys, expired ones are removed. */
const maxKeys = 50_000

/** Response headers. */
export type HeaderList = [name: string, value: string][]

/**
 * A sliding-window rate limit by key: at most `count` in any window of `windowMs`.
 *
 * @example
 * const waitSeconds = await limit.take(userId)
 * if (waitSeconds > 0) error("Slow down", 429, { retryAfterSeconds: waitSeconds })
 */
export interface RateLimiter {
  /** How many times it refused. */
  readonly refused: number
  /** Counts one and returns 0; over the limit it counts nothing and returns the whole seconds to wait. */
  take(key: string): Promise<number> | number
  /** The whole seconds until one more is allowed; 0 when it is now. Counts nothing. */
  check(key: string): Promise<number> | number
  /** Counts one without checking. */
  count(key: string): Promise<void> | void
  /** `rateLimitHeaders` of the key with the least left. No limit gives no headers. */
  headers(policy: RateLimitPolicy, ...keys: string[]): Promise<HeaderList> | HeaderList
}

/** A rate limit of this process, kept in memory, so a restart resets it. */
export class RateLimit implements RateLimiter {
  readonly #limit: RateLimitConfig
  readonly #now: () => number
  /** When was counted, in milliseconds, oldest first. */
  readonly #times = new Map<string, number[]>()
  #refused = 0

  /**
   * With `null` nothing is limited. `now` returns milliseconds of a clock that only goes forward: when the machine's clock
   * is set back, nobody must wait for it to be where it was.
   */
  constructor(limit: RateLimitConfig, now: () => number = () => performance.now()) {
    this.#limit = limit
    this.#now = now
  }

  get refused(): number {
    return this.#refused
  }

  take(key: string): number {
    const waitSeconds = this.check(key)
    if (waitSeconds === 0) this.count(key)
    return waitSeconds
  }

  check(key: string): number {
    if (!this.#limit) return 0

    const recent = this.#recent(key, this.#limit.windowMs)
    if (recent.length < this.#limit.count) return 0

    this.#refused++
    const oldest = recent[recent.length - this.#limit.count] ?? this.#now()
    return Math.max(1, Math.ceil((oldest + this.#limit.windowMs - this.#now()) / 1000))
  }

  count(key: string): void {
    if (!this.#limit) return

    if (this.#times.size >= maxKeys) this.#removeExpired(this.#limit.windowMs)
    const recent = this.#recent(key, this.#limit.windowMs).slice(-this.#limit.count)
    this.#times.set(key, [...recent, this.#now()])
  }

  headers(policy: RateLimitPolicy, ...keys: string[]): HeaderList {
    if (!this.#limit) return []

    const { count, windowMs } = this.#limit
    const recents = keys.map((key) => this.#recent(key, windowMs).slice(-count))
    const recent = recents.reduce((longest, one) => (one.length > longest.length ? one : longest), [])
    const resetMs = recent[0] === undefined ? 0 : recent[0] + windowMs - this.#now()
    return rateLimitHeaders({ policy, count, windowMs, left: count - recent.length, resetMs })
  }

  #recent(key: string, windowMs: number): number[] {
    const since = this.#now() - windowMs
    return this.#times.get(key)?.filter((time) => time > since) ?? []
  }

  #removeExpired(windowMs: number): void {
    const since = this.#now() - windowMs
    for (const [key, times] of this.#times) {
      if ((times.at(-1) ?? 0) <= since) this.#times.delete(key)
    }
  }
}
