import { closeCodes } from "../kernel/index.ts"
import type { Registry } from "./instruments.ts"

/** Why a WebSocket closed, by close code (RFC 6455, section 7.4, and 44xx of our own); any other code is "other". */
const closeReasons: Record<number, string> = {
  1000: "left",
  1001: "left",
  1005: "left",
  1006: "lost",
  1009: "too large",
  1011: "error",
  [closeCodes[503]]: "restart",
  [closeCodes[429]]: "overload",
  [closeCodes[400]]: "bad frame",
  [closeCodes[401]]: "signed out",
  [closeCodes[403]]: "no longer allowed",
  [closeCodes[404]]: "gone",
  [closeCodes[409]]: "too many",
}

/** Registers counters of closed WebSockets by reason. Returns a function to call with each close code. */
export function countCloses(registry: Registry): (code: number) => void {
  const counterOf = (reason: string) =>
    registry.counter("covenant_socket_closes_total", "WebSockets closed, by reason.", `reason="${reason}"`)
  const reasons = new Set([...Object.values(closeReasons), "other"])
  const byReason = new Map([...reasons].map((reason) => [reason, counterOf(reason)]))
  return (code) => byReason.get(closeReasons[code] ?? "other")?.add()
}
