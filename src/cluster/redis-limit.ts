import type { HeaderList, RateLimiter } from "../rate-limit.ts"
import { type RateLimitPolicy, rateLimitHeaders } from "../rate-limit-headers.ts"
import { type RedisCommands, RedisScript } from "./redis-script.ts"

/** How long Redis may take before a node decides by itself, in milliseconds, if nothing else is given. */
const decisionTimeoutMs = 100
/** How many answers are remembered for `headers`. */
const maxAnswers = 10_000

/** What Redis answered about a key. */
interface LimitAnswer {
  waitMs: number
  left: number
  resetMs: number
}

/**
 * A sliding window over the times of what was counted, on Redis' clock: the nodes' clocks may differ. ARGV: the count,
 * the window, the mode (`take`, `check`, `count`), and a name that no other call has.
 */
const slidingWindow = new RedisScript(`
local key, count, window, mode = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call("ZREMRANGEBYSCORE", key, "-inf", now - window)
local used = redis.call("ZCARD", key)
local wait = 0
if used >= count then
  local blocking = redis.call("ZRANGE", key, -count, -count, "WITHSCORES")
  wait = math.max(1, blocking[2] + window - now)
end
if mode == "count" or (mode == "take" and wait == 0) then
  redis.call("ZADD", key, now, ARGV[4])
  redis.call("ZREMRANGEBYRANK", key, 0, -count - 1)
  redis.call("PEXPIRE", key, window)
  used = math.min(count, used + 1)
end
local oldest = redis.call("ZRANGE", key, 0, 0, "WITHSCORES")
local reset = oldest[2] and oldest[2] + window - now or 0
return { wait, count - math.min(count, used), reset }`)

interface RedisLimitOptions {
  redis: RedisCommands
  /** Prefix of its keys in Redis, different for each limit. */
  prefix: string
  limit: { count: number; windowMs: number }
  /** Decides while Redis cannot. */
  fallback: RateLimiter
  /** How long Redis may take. */
  timeoutMs?: number
}

/** A rate limit that all nodes share. While Redis does not answer, each node limits by itself. */
export class RedisLimit implements RateLimiter {
  readonly #options: RedisLimitOptions
  readonly #node = crypto.randomUUID()
  /** The last answers by key, for `headers`: they need no second question. */
  readonly #answers = new Map<string, LimitAnswer>()
  #calls = 0
  #refused = 0

  constructor(options: RedisLimitOptions) {
    this.#options = options
  }

  get refused(): number {
    return this.#refused + this.#options.fallback.refused
  }

  async take(key: string): Promise<number> {
    const answer = await this.#ask("take", key)
    return answer ? this.#waitSeconds(answer) : this.#options.fallback.take(key)
  }

  async check(key: string): Promise<number> {
    const answer = await this.#ask("check", key)
    return answer ? this.#waitSeconds(answer) : this.#options.fallback.check(key)
  }

  async count(key: string): Promise<void> {
    if (!(await this.#ask("count", key))) await this.#options.fallback.count(key)
  }

  async headers(policy: RateLimitPolicy, ...keys: string[]): Promise<HeaderList> {
    const answers = await Promise.all(
      keys.map(async (key) => this.#answers.get(key) ?? this.#ask("check", key)),
    )
    for (const key of keys) this.#answers.delete(key)
    const [first, ...others] = answers.filter((answer) => answer !== null)
    if (!first) return this.#options.fallback.headers(policy, ...keys)

    const least = others.reduce((one, other) => (other.left < one.left ? other : one), first)
    return rateLimitHeaders({ policy, ...this.#options.limit, ...least })
  }

  #waitSeconds({ waitMs }: LimitAnswer): number {
    if (waitMs > 0) this.#refused++
    return Math.ceil(waitMs / 1000)
  }

  /** `null` when Redis cannot decide. */
  async #ask(mode: "take" | "check" | "count", key: string): Promise<LimitAnswer | null> {
    const { redis, prefix, limit, timeoutMs = decisionTimeoutMs } = this.#options
    this.#answers.delete(key)
    if (!redis.isUp) return null

    const args = [String(limit.count), String(limit.windowMs), mode, `${this.#node} ${this.#calls++}`]
    const call = { keys: [prefix + key], args, timeoutMs }
    const reply = await slidingWindow.run(redis, call).catch(() => null)
    if (!Array.isArray(reply)) return null

    const [waitMs, left, resetMs] = reply.map(Number) as [number, number, number]
    if (this.#answers.size >= maxAnswers) this.#answers.clear()
    const answer = { waitMs, left, resetMs }
    this.#answers.set(key, answer)
    return answer
  }
}
