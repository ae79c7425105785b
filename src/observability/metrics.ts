import { Registry } from "./instruments.ts"

/** The ways to be connected live. */
export type Transport = "ws" | "sse" | "stream" | "tail" | "wire"

/** In seconds: from what one cached write takes to what people call broken. */
const secondsBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
]
const jobsBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

/** Why a socket closed, by its code; any other code is "other". */
const closeReasons: Record<number, string> = {
  1000: "left",
  1001: "left",
  1005: "left",
  1006: "lost",
  1009: "too large",
  1011: "error",
  1012: "restart",
  1013: "overload",
  4400: "bad frame",
  4401: "signed out",
  4403: "no longer allowed",
  4404: "gone",
}

export type Metrics = ReturnType<typeof createMetrics>

/** What is measured of one chat. Add to it where things happen; `registry.text()` is what Prometheus reads. */
export function createMetrics() {
  const registry = new Registry()
  const { counter, gauge, histogram } = bound(registry)

  const connected = (transport: Transport) =>
    gauge("covenant_connections", "Open live connections.", `transport="${transport}"`)
  const slow = (transport: Transport) =>
    counter(
      "covenant_slow_readers_total",
      "Readers cut off because they did not read.",
      `transport="${transport}"`,
    )
  const answered = (status: string) =>
    counter("covenant_http_requests_total", "HTTP requests answered, by class.", `status="${status}"`)
  const byClass = ["1xx", "2xx", "3xx", "4xx", "5xx"].map(answered)

  return {
    registry,
    connections: {
      ws: connected("ws"),
      sse: connected("sse"),
      stream: connected("stream"),
      tail: connected("tail"),
      wire: connected("wire"),
    },
    slowReaders: {
      ws: slow("ws"),
      sse: slow("sse"),
      stream: slow("stream"),
      tail: slow("tail"),
      wire: slow("wire"),
    },
    messages: counter("covenant_messages_stored_total", "Messages stored, each once."),
    confirmSeconds: histogram(
      "covenant_confirm_seconds",
      "From a sent message's arrival until its sender is told that it is stored.",
      secondsBounds,
    ),
    fanOutSeconds: histogram(
      "covenant_fan_out_seconds",
      "From the commit of a change until it is handed to all its readers' connections.",
      secondsBounds,
    ),
    replays: counter("covenant_replays_total", "Reads of what a reader had missed."),
    replayResets: counter(
      "covenant_replay_resets_total",
      "Of these, the ones that were too long: the newest was sent instead.",
    ),
    commitSeconds: histogram("covenant_commit_seconds", "Time of a durable commit.", secondsBounds),
    commitJobs: histogram("covenant_commit_jobs", "Writes that shared one commit.", jobsBounds),
    frameLimits: counter(
      "covenant_rate_limited_total",
      "Refused for being too many, by limit.",
      'limit="frames"',
    ),
    /** A WebSocket closed with this code. */
    socketClosed: countCloses(registry),
    /** A request was answered. */
    answered(status: number): void {
      byClass[Math.floor(status / 100) - 1]?.add()
    },
  }
}

/** Counts WebSockets that close, by their code. */
export function countCloses(registry: Registry): (code: number) => void {
  const closed = (reason: string) =>
    registry.counter("covenant_socket_closes_total", "WebSockets closed, by reason.", `reason="${reason}"`)
  const byReason = new Map(
    [...new Set([...Object.values(closeReasons), "other"])].map((reason) => [reason, closed(reason)]),
  )
  const byCode = new Map(
    Object.entries(closeReasons).map(([code, reason]) => [Number(code), byReason.get(reason)]),
  )
  return (code) => {
    const reason = byCode.get(code) ?? byReason.get("other")
    reason?.add()
  }
}

function bound(registry: Registry) {
  return {
    counter: registry.counter.bind(registry),
    gauge: registry.gauge.bind(registry),
    histogram: registry.histogram.bind(registry),
  }
}

/** Something that says what it holds. */
interface Stated {
  stats(): { connections: number; topics: number; tokens: number }
}

/** What the chat and the process know of themselves anyway. */
export function addReadings(
  registry: Registry,
  chat: {
    sidekick: Stated
    messageLimit: { refused: number }
    loginLimit: { refused: number }
    typingLimit: { refused: number }
  },
): void {
  const limits = { messages: chat.messageLimit, logins: chat.loginLimit, typing: chat.typingLimit }
  for (const [name, limit] of Object.entries(limits)) {
    registry.reading("covenant_rate_limited_total", "", "counter", () => limit.refused, `limit="${name}"`)
  }
  addSidekickReadings(registry, chat.sidekick)
  addProcessReadings(registry)
}

/** What a sidekick holds. */
export function addSidekickReadings(registry: Registry, sidekick: Stated): void {
  const stats = () => sidekick.stats()
  addGauges(registry, [
    ["covenant_subscriptions", "Granted connections to channels that are open.", () => stats().connections],
    ["covenant_topics", "Channels that someone reads live.", () => stats().topics],
    ["covenant_tokens", "Granted connections that nobody has opened yet.", () => stats().tokens],
  ])
}

/** How a sidekick of its own is reached. */
export function addRemoteReadings(
  registry: Registry,
  remote: { stats(): { isUp: boolean; lost: number } },
): void {
  const up = () => (remote.stats().isUp ? 1 : 0)
  registry.reading("covenant_sidekick_up", "Whether the sidekick was reached.", "gauge", up)
  const lost = () => remote.stats().lost
  registry.reading("covenant_sidekick_lost_total", "Announcements it was never told.", "counter", lost)
}

/** What the process knows of itself. */
export function addProcessReadings(registry: Registry): void {
  addGauges(registry, [
    ["process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss()],
    ["process_heap_bytes", "Memory of JavaScript objects in use.", () => process.memoryUsage().heapUsed],
    ["process_start_time_seconds", "When it started, since 1970.", () => startedAt()],
    ["process_uptime_seconds", "How long it has run.", () => Math.round(process.uptime())],
  ])
  registry.reading("process_cpu_seconds_total", "Processor time used.", "counter", cpuSeconds)
}

type GaugeReading = [name: string, help: string, read: () => number]

function addGauges(registry: Registry, gauges: GaugeReading[]): void {
  for (const [name, help, read] of gauges) registry.reading(name, help, "gauge", read)
}

function startedAt(): number {
  return Math.round(Date.now() / 1000 - process.uptime())
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}
