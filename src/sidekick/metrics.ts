import { Registry } from "../observability/instruments.ts"
import { addProcessReadings, addSidekickReadings, countCloses } from "../observability/metrics.ts"
import type { Upstream } from "./upstream.ts"

type Stated = Parameters<typeof addSidekickReadings>[1]

/** What is measured of a sidekick that is a process of its own, for Prometheus. */
export function createMetrics(sidekick: Stated, upstream: Pick<Upstream, "waiting" | "failure">) {
  const registry = new Registry()
  addSidekickReadings(registry, sidekick)
  addProcessReadings(registry)
  const gauge = (name: string, help: string, read: () => number) =>
    registry.reading(name, help, "gauge", read)
  gauge("covenant_sidekick_waiting", "Messages that wait for the server.", () => upstream.waiting)
  gauge("covenant_sidekick_server_up", "Whether the server was reached.", () => (upstream.failure ? 0 : 1))

  const wire = `transport="wire"`
  return {
    registry,
    connections: { wire: registry.gauge("covenant_connections", "Open live connections.", wire) },
    slowReaders: {
      wire: registry.counter(
        "covenant_slow_readers_total",
        "Readers cut off because they did not read.",
        wire,
      ),
    },
    frameLimits: registry.counter(
      "covenant_rate_limited_total",
      "Refused for being too many, by limit.",
      `limit="frames"`,
    ),
    socketClosed: countCloses(registry),
    /** Told by a server, by what. */
    posts: registry.counter("covenant_sidekick_posts_total", "What servers said, however many at once."),
    resets: registry.counter(
      "covenant_sidekick_resets_total",
      "How often all clients were sent away because something may have been lost.",
    ),
    wrongSecrets: registry.counter("covenant_sidekick_wrong_secrets_total", "Requests without the secret."),
  }
}
