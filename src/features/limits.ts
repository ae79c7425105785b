import type { Config, RateLimitConfig } from "../config.ts"
import { RateLimit } from "../rate-limit.ts"

/** The fields of the configuration that contain a limit. */
type ConfiguredLimit = {
  [Field in keyof Config]: Config[Field] extends RateLimitConfig ? Field : never
}[keyof Config]

/** A rate limit of a feature. Also its key in `services.limits`. */
export type LimitDefinition = { name: string } & (
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

/** The rate limits of all features. */
export class Limits {
  readonly #limits = new Map<LimitDefinition, RateLimit>()

  constructor(definitions: readonly LimitDefinition[], config: Config) {
    for (const definition of definitions)
      this.#limits.set(definition, new RateLimit(rateOf(definition, config)))
  }

  get(definition: LimitDefinition): RateLimit {
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
