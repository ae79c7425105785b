import type { Registry } from "./instruments.ts"

/** Why a WebSocket closed, by close code (RFC 6455, section 7.4, and 44xx of our own); any other code is "other". */
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

/** Registers counters of closed WebSockets by reason. Returns a function to call with each close code. */
export function countCloses(registry: Registry): (code: number) => void {
  const counterOf = (reason: string) =>
    registry.counter("covenant_socket_closes_total", "WebSockets closed, by reason.", `reason="${reason}"`)
  const reasons = new Set([...Object.values(closeReasons), "other"])
  const byReason = new Map([...reasons].map((reason) => [reason, counterOf(reason)]))
  return (code) => byReason.get(closeReasons[code] ?? "other")?.add()
}
