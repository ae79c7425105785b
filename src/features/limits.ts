import type { Config, RateLimitConfig } from "../config.ts"
import { RateLimit, type RateLimiter } from "../rate-limit.ts"

/** The fields of the configuration that contain a limit. */
type ConfiguredLimit = {
  [Field in keyof Config]: Config[Field] extends RateLimitConfig ? Field : never
}[keyof Config]

/** A rate limit of a feature. Also its key in `services.limits`. */
export type LimitDefinition = {
  name: string
  /** Each node counts for itself: it bounds what a node does, or is worth less than asking the others. */
  isPerNode?: boolean
} & (
  | { configured: ConfiguredLimit }
  | {
      count: number
      windowMs: number
      /** Disabled together with this limit, for benchmarks. */
      offWith?: ConfiguredLimit
    }
)

export function defineLimit(definition: LimitDefinition): LimitDefinition {
  return definition
}

/** Makes a limit that all nodes share. */
export type ShareLimit = (
  name: string,
  rate: NonNullable<RateLimitConfig>,
  fallback: RateLimiter,
) => RateLimiter

/** The rate limits of all features. */
export class Limits {
  readonly #limits = new Map<LimitDefinition, RateLimiter>()

  /** `share` makes a limit that all nodes share from one that decides while they cannot. */
  constructor(definitions: readonly LimitDefinition[], config: Config, share?: ShareLimit) {
    for (const definition of definitions) {
      const rate = rateOf(definition, config)
      const own = new RateLimit(rate)
      const isShared = share && rate && !definition.isPerNode
      this.#limits.set(definition, isShared ? share(definition.name, rate, own) : own)
    }
  }

  get(definition: LimitDefinition): RateLimiter {
    const limit = this.#limits.get(definition)
    if (!limit) throw new Error(`The limit "${definition.name}" is not among the \`limits\` of a feature`)

    return limit
  }

  /** The number of refused calls by limit, for metrics. */
  *refusals(): Iterable<[name: string, limit: { refused: number }]> {
    for (const [{ name }, limit] of this.#limits) yield [name, limit]
  }
}

function rateOf(definition: LimitDefinition, config: Config): RateLimitConfig {
  if ("configured" in definition) return config[definition.configured]

  const { count, windowMs, offWith } = definition
  return offWith && !config[offWith] ? null : { count, windowMs }
}
