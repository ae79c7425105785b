import type { RateLimitConfig } from "./config.ts"

/** Beyond this many keys, expired ones are removed. */
const maxKeys = 50_000

/** The limits that responses report to clients, by their name in the headers. */
type RateLimitPolicy = "messages" | "logins" | "webhooks"

/**
 * A sliding-window rate limit by key: at most `count` in any window of `windowMs`. It is kept in memory, so a restart
 * resets it.
 *
 * @example
 * const waitSeconds = limit.take(userId)
 * if (waitSeconds > 0) error("Slow down", 429, { retryAfterSeconds: waitSeconds })
 */
export class RateLimit {
  readonly #limit: RateLimitConfig
  readonly #now: () => number
  /** The times of what was counted, in milliseconds since the epoch, oldest first. */
  readonly #times = new Map<string, number[]>()
  #refused = 0

  /** With `null` nothing is limited. `now` returns milliseconds since the epoch. */
  constructor(limit: RateLimitConfig, now: () => number = Date.now) {
    this.#limit = limit
    this.#now = now
  }

  /** How many times it refused. */
  get refused(): number {
    return this.#refused
  }

  /** Counts one and returns 0; over the limit it counts nothing and returns the whole seconds to wait. */
  take(key: string): number {
    const waitSeconds = this.check(key)
    if (waitSeconds === 0) this.count(key)
    return waitSeconds
  }

  /** The whole seconds until one more is allowed; 0 when it is now. Counts nothing. */
  check(key: string): number {
    if (!this.#limit) return 0

    const recent = this.#recent(key, this.#limit.windowMs)
    if (recent.length < this.#limit.count) return 0

    this.#refused++
    const oldest = recent[recent.length - this.#limit.count] ?? this.#now()
    return Math.max(1, Math.ceil((oldest + this.#limit.windowMs - this.#now()) / 1000))
  }

  /** Counts one without checking. */
  count(key: string): void {
    if (!this.#limit) return

    if (this.#times.size >= maxKeys) this.#removeExpired(this.#limit.windowMs)
    const recent = this.#recent(key, this.#limit.windowMs).slice(-this.#limit.count)
    this.#times.set(key, [...recent, this.#now()])
  }

  /**
   * The limit's state as response headers: those of the IETF draft "RateLimit header fields for HTTP"
   * (draft-ietf-httpapi-ratelimit-headers-10) and the widespread `X-RateLimit-*`. `t` and `reset` are the whole seconds
   * until more is allowed. With several keys the one with the least left counts. No limit gives no headers.
   */
  headers(policy: RateLimitPolicy, ...keys: string[]): [name: string, value: string][] {
    if (!this.#limit) return []

    const { count, windowMs } = this.#limit
    const recents = keys.map((key) => this.#recent(key, windowMs).slice(-count))
    const recent = recents.reduce((longest, one) => (one.length > longest.length ? one : longest), [])
    const left = count - recent.length
    const seconds = recent[0] === undefined ? 0 : Math.ceil((recent[0] + windowMs - this.#now()) / 1000)
    return [
      ["ratelimit-policy", `"${policy}";q=${count};w=${windowMs / 1000}`],
      ["ratelimit", `"${policy}";r=${left};t=${seconds}`],
      ["x-ratelimit-limit", String(count)],
      ["x-ratelimit-remaining", String(left)],
      ["x-ratelimit-reset", String(seconds)],
    ]
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
