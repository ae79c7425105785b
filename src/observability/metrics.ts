import { countCloses } from "./close-reasons.ts"
import { Registry } from "./instruments.ts"
import { registerProcessMetrics } from "./process-metrics.ts"

/** The live transports: WebSocket, server-sent events, HTML stream, line tail, and the Covenant wire's socket. */
export type Transport = "ws" | "sse" | "stream" | "tail" | "wire"
const transports: Transport[] = ["ws", "sse", "stream", "tail", "wire"]

/** Buckets in seconds, from one cached write (0.1 ms) to what users call broken (10 s). */
const secondsBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
]
const jobsBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

/** The chat's metrics. */
export type Metrics = ReturnType<typeof createMetrics>

/** Creates the chat's metrics, to be counted where things happen. `registry.text()` is what Prometheus reads. */
export function createMetrics() {
  const registry = new Registry()
  const counter = registry.counter.bind(registry)
  const histogram = registry.histogram.bind(registry)

  return {
    registry,
    connections: byTransport((labels) =>
      registry.gauge("covenant_connections", "Open live connections.", labels),
    ),
    slowReaders: byTransport((labels) =>
      counter("covenant_slow_readers_total", "Connections closed for reading too slowly.", labels),
    ),
    messages: counter("covenant_messages_stored_total", "Messages stored, not counting retries."),
    confirmSeconds: histogram(
      "covenant_confirm_seconds",
      "Time from a message's arrival until its sender is told that it is stored.",
      secondsBounds,
    ),
    fanOutSeconds: histogram(
      "covenant_fan_out_seconds",
      "Time from a commit until the change was handed to all readers' connections.",
      secondsBounds,
    ),
    replays: counter("covenant_replays_total", "Reads of the changes a reader missed."),
    replayResets: counter(
      "covenant_replay_resets_total",
      "Replays with too many changes, where only the newest messages were sent.",
    ),
    commitSeconds: histogram("covenant_commit_seconds", "Time of a durable commit.", secondsBounds),
    commitJobs: histogram("covenant_commit_jobs", "Writes per commit.", jobsBounds),
    frameLimits: counter("covenant_rate_limited_total", rateLimitedHelp, 'limit="frames"'),
    connectionLimits: {
      person: counter("covenant_rate_limited_total", rateLimitedHelp, 'limit="connections of a user"'),
      address: counter("covenant_rate_limited_total", rateLimitedHelp, 'limit="connections from an IP"'),
    },
    /** Counts a closed WebSocket by its close code. */
    socketClosed: countCloses(registry),
    /** Counts an HTTP response by its status. */
    answered: countResponses(registry),
  }
}

/** Registers counters of HTTP responses by status class. Returns a function to call with each status. */
function countResponses(registry: Registry): (status: number) => void {
  const counters = ["1xx", "2xx", "3xx", "4xx", "5xx"].map((status) =>
    registry.counter(
      "covenant_http_requests_total",
      "HTTP responses, by status class.",
      `status="${status}"`,
    ),
  )
  return (status) => counters[Math.floor(status / 100) - 1]?.add()
}

const rateLimitedHelp = "Requests refused by a rate limit, by limit."

function byTransport<T>(create: (labels: string) => T): Record<Transport, T> {
  const entries = transports.map((transport) => [transport, create(`transport="${transport}"`)])
  return Object.fromEntries(entries)
}

/** A sidekick's own counts. */
export interface SidekickCounts {
  stats(): { connections: number; topics: number; tokens: number }
}

/** Registers what the chat's parts count themselves. */
export function registerChatMetrics(
  registry: Registry,
  chat: {
    sidekick: SidekickCounts
    limits: { refusals(): Iterable<[name: string, limit: { refused: number }]> }
  },
): void {
  for (const [name, limit] of chat.limits.refusals()) {
    registry.observableCounter("covenant_rate_limited_total", rateLimitedHelp, {
      read: () => limit.refused,
      labels: `limit="${name}"`,
    })
  }
  registerSidekickMetrics(registry, chat.sidekick)
  registerProcessMetrics(registry)
}

/** Registers what a sidekick holds. */
export function registerSidekickMetrics(registry: Registry, sidekick: SidekickCounts): void {
  const gauge = registry.observableGauge.bind(registry)
  gauge("covenant_subscriptions", "Open connections to channels.", () => sidekick.stats().connections)
  gauge("covenant_topics", "Topics with at least one subscriber.", () => sidekick.stats().topics)
  gauge("covenant_tokens", "Granted tokens that are not used yet.", () => sidekick.stats().tokens)
}

/** Registers what passes over the bus between nodes. */
export function registerBusMetrics(
  registry: Registry,
  bus: {
    stats(): { [Count in "nodes" | "lost" | "sent" | "received" | "skipped" | "missed"]: number } & {
      isUp: boolean
    }
  },
): void {
  const gauge = registry.observableGauge.bind(registry)
  gauge("covenant_bus_up", "Whether this node hears what it publishes.", () => (bus.stats().isUp ? 1 : 0))
  gauge("covenant_bus_nodes", "Other nodes that are heard.", () => bus.stats().nodes)
  const counters = {
    sent: "Posts that were sent to other nodes.",
    lost: "Posts that could not be sent to other nodes.",
    received: "Posts of other nodes that mattered here.",
    skipped: "Posts of other nodes about what nobody reads here.",
    missed: "Times that posts of another node were missed.",
  } as const
  for (const [name, help] of Object.entries(counters)) {
    const read = () => bus.stats()[name as keyof typeof counters]
    registry.observableCounter(`covenant_bus_${name}_total`, help, { read })
  }
}

/** Registers whether a standalone sidekick is reachable, and what it missed. */
export function registerRemoteSidekickMetrics(
  registry: Registry,
  remote: { stats(): { isUp: boolean; lost: number } },
): void {
  registry.observableGauge("covenant_sidekick_up", "Whether the last post to the sidekick arrived.", () =>
    remote.stats().isUp ? 1 : 0,
  )
  registry.observableCounter(
    "covenant_sidekick_lost_total",
    "Announcements that did not reach the sidekick.",
    {
      read: () => remote.stats().lost,
    },
  )
}
