import { type LoadOptions, type LoadReport, load } from "../load.ts"
import type { RunningServer } from "../servers.ts"

/** The cost of one message or page; the unit is the same for both sides of a pair. */
export interface Cost {
  cost: number
  /** Share of the time in which the server waited for its core. */
  waited: number
}

export type Measure = () => Promise<Cost>

/** The same work done by the chat and by a peer. */
export interface CostPair {
  chat: Measure
  peer: Measure
}

/**
 * Measures processor time for each message or page. With `rate` it measures median latency instead, and with
 * `confirm` elapsed time, since the server waits for the disk.
 */
export function costOf(server: RunningServer, mode: "rooms" | "pages", options: LoadOptions): Measure {
  return async () => {
    const [cpu, waited, startedAt] = [server.cpuSeconds(), server.waitedSeconds(), performance.now()]
    const rules = { anyShare: true, mayMisorder: true }
    const report = (await load(mode, { port: server.port, ...options }, rules)) as LoadReport
    const elapsed = (performance.now() - startedAt) / 1000
    const cost = () => {
      if (options.rate) return report.p50
      if (options.confirm) return 1 / report.perSecond
      return (server.cpuSeconds() - cpu) / report.settled
    }
    return { cost: cost(), waited: (server.waitedSeconds() - waited) / elapsed }
  }
}
