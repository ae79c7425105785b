import type { Limit } from "./config.ts"

/** Past this many keys the ones whose window is over are forgotten. */
const maxKeys = 50_000

/** At most so many in any window of such a length, by key. Kept in memory: a restart forgives. */
export class RateLimit {
  readonly #times = new Map<string, number[]>()
  #refused = 0

  constructor(
    private readonly limit: Limit,
    private readonly now: () => number = Date.now,
  ) {}

  /** How often it said to wait. */
  get refused(): number {
    return this.#refused
  }

  /** Counts one, unless there were too many: then the whole seconds to wait, else 0. */
  take(key: string): number {
    const waitSeconds = this.check(key)
    if (waitSeconds === 0) this.count(key)
    return waitSeconds
  }

  /** Whole seconds until one more is allowed; 0 when it is now. */
  check(key: string): number {
    if (!this.limit) return 0

    const recent = this.#recent(key, this.limit.windowMs)
    if (recent.length < this.limit.count) return 0

    this.#refused++
    const oldest = recent[recent.length - this.limit.count] ?? this.now()
    return Math.max(1, Math.ceil((oldest + this.limit.windowMs - this.now()) / 1000))
  }

  /** Counts one. */
  count(key: string): void {
    if (!this.limit) return

    if (this.#times.size >= maxKeys) this.#sweep(this.limit.windowMs)
    this.#times.set(key, [...this.#recent(key, this.limit.windowMs).slice(-this.limit.count), this.now()])
  }

  /**
   * How much of it is left, as headers of an answer: those of the IETF's draft ("RateLimit header fields for HTTP",
   * draft-ietf-httpapi-ratelimit-headers-10), and those that most programs know. `t` and `reset` are the whole
   * seconds until there is more. Of several keys the one with least left. None when there is no limit.
   */
  headers(policy: string, ...keys: string[]): [name: string, value: string][] {
    if (!this.limit) return []

    const { count, windowMs } = this.limit
    const recents = keys.map((key) => this.#recent(key, windowMs).slice(-count))
    const recent = recents.reduce((most, one) => (one.length > most.length ? one : most), [])
    const left = count - recent.length
    const seconds = recent[0] === undefined ? 0 : Math.ceil((recent[0] + windowMs - this.now()) / 1000)
    return [
      ["ratelimit-policy", `"${policy}";q=${count};w=${windowMs / 1000}`],
      ["ratelimit", `"${policy}";r=${left};t=${seconds}`],
      ["x-ratelimit-limit", String(count)],
      ["x-ratelimit-remaining", String(left)],
      ["x-ratelimit-reset", String(seconds)],
    ]
  }

  #recent(key: string, windowMs: number): number[] {
    const since = this.now() - windowMs
    return this.#times.get(key)?.filter((time) => time > since) ?? []
  }

  #sweep(windowMs: number): void {
    const since = this.now() - windowMs
    for (const [key, times] of this.#times) {
      if ((times.at(-1) ?? 0) <= since) this.#times.delete(key)
    }
  }
}
