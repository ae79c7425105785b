import { countCloses } from "../observability/close-reasons.ts"
import { Registry } from "../observability/instruments.ts"
import { registerSidekickMetrics, type SidekickCounts } from "../observability/metrics.ts"
import { registerProcessMetrics } from "../observability/process-metrics.ts"
import type { Upstream } from "./upstream.ts"

/** The metrics of one standalone sidekick. */
export type SidekickMetrics = ReturnType<typeof createSidekickMetrics>

/** Creates the metrics of a standalone sidekick; `registry.text()` is what Prometheus reads. */
export function createSidekickMetrics(
  sidekick: SidekickCounts,
  upstream: Pick<Upstream, "waiting" | "failure">,
) {
  const registry = new Registry()
  registerSidekickMetrics(registry, sidekick)
  registerProcessMetrics(registry)
  registerUpstreamMetrics(registry, upstream)

  const wire = `transport="wire"`
  return {
    registry,
    connections: { wire: registry.gauge("covenant_connections", "Open live connections.", wire) },
    slowReaders: {
      wire: registry.counter(
        "covenant_slow_readers_total",
        "Connections closed for reading too slowly.",
        wire,
      ),
    },
    frameLimits: registry.counter(
      "covenant_rate_limited_total",
      "Requests refused by a rate limit, by limit.",
      `limit="frames"`,
    ),
    socketClosed: countCloses(registry),
    posts: registry.counter(
      "covenant_sidekick_posts_total",
      "Posts from the server, each of a batch counted.",
    ),
    resets: registry.counter(
      "covenant_sidekick_resets_total",
      "Times all clients had to reconnect because a batch was lost.",
    ),
    wrongSecrets: registry.counter(
      "covenant_sidekick_wrong_secrets_total",
      "Requests with a wrong or missing secret.",
    ),
  }
}

function registerUpstreamMetrics(registry: Registry, upstream: Pick<Upstream, "waiting" | "failure">): void {
  const gauge = registry.observableGauge.bind(registry)
  gauge("covenant_sidekick_waiting", "Messages waiting for the server.", () => upstream.waiting)
  gauge("covenant_sidekick_server_up", "Whether the last request to the server succeeded.", () =>
    upstream.failure ? 0 : 1,
  )
}
