/** The limits that responses report to clients, by their name in the headers. */
export type RateLimitPolicy = "messages" | "logins" | "mails" | "webhooks"

interface RateLimitState {
  policy: RateLimitPolicy
  count: number
  windowMs: number
  /** How many are left now. */
  left: number
  /** Milliseconds until more is allowed. */
  resetMs: number
}

/**
 * A limit's state as response headers: those of the IETF draft "RateLimit header fields for HTTP"
 * (draft-ietf-httpapi-ratelimit-headers-10) and the widespread `X-RateLimit-*`. `t` and `reset` are the whole seconds
 * until more is allowed.
 */
export function rateLimitHeaders({
  policy,
  count,
  windowMs,
  left,
  resetMs,
}: RateLimitState): [name: string, value: string][] {
  const seconds = Math.ceil(resetMs / 1000)
  return [
    ["ratelimit-policy", `"${policy}";q=${count};w=${windowMs / 1000}`],
    ["ratelimit", `"${policy}";r=${left};t=${seconds}`],
    ["x-ratelimit-limit", String(count)],
    ["x-ratelimit-remaining", String(left)],
    ["x-ratelimit-reset", String(seconds)],
  ]
}
