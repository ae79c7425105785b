import type { Registry } from "./instruments.ts"

/** Registers the process's own metrics: memory, processor time, uptime. */
export function registerProcessMetrics(registry: Registry): void {
  const gauge = registry.observableGauge.bind(registry)
  gauge("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss())
  gauge(
    "process_heap_bytes",
    "Heap memory in use by JavaScript objects.",
    () => process.memoryUsage().heapUsed,
  )
  gauge("process_start_time_seconds", "Start time, in seconds since 1970.", () => {
    return Math.round(Date.now() / 1000 - process.uptime())
  })
  gauge("process_uptime_seconds", "Seconds since the start.", () => Math.round(process.uptime()))
  registry.observableCounter("process_cpu_seconds_total", "Processor time used.", { read: cpuSeconds })
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}
