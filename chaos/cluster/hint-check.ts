import type { ServerProcess } from "../server-process.ts"
import type { Trace } from "../trace.ts"
import type { Person, Room } from "../world.ts"
import { Caller } from "./caller.ts"
import type { Check } from "./check.ts"
import { Tap } from "./tap.ts"

/** How long after the last fault nodes may still only look in the store, because they did not hear each other. */
const reconnectMs = 10_000
const messages = 9
/** A node that hears the others has a message at once; one that only looks needs half a second on average. */
const maxMedianMs = 300
const maxWaitMs = 5000

interface HintOptions {
  servers: ServerProcess[]
  person: Person
  room: Room
  trace: Trace
}

/** Measures how long messages take from one node to another once everything works: a deaf node shows by that alone. */
export class HintCheck implements Check {
  readonly #options: HintOptions
  #slowestMs = 0

  constructor(options: HintOptions) {
    this.#options = options
  }

  async run(): Promise<void> {}

  stop(): void {}

  async pause(): Promise<void> {}

  resume(): void {}

  summary() {
    return { "messages across nodes in calm, ms": Math.round(this.#slowestMs) }
  }

  async settle(): Promise<void> {
    const { servers, trace } = this.#options
    const untilMs = Date.now() + reconnectMs
    for (const [index, reading] of servers.entries()) {
      const sending = servers[(index + 1) % servers.length] ?? reading
      let medianMs = Number.POSITIVE_INFINITY
      do medianMs = await this.#medianLatency(reading, sending)
      while (medianMs > maxMedianMs && Date.now() < untilMs)
      this.#slowestMs = Math.max(this.#slowestMs, medianMs)
      if (medianMs <= maxMedianMs) continue
      const what = `Messages of ${sending.name} took ${Math.round(medianMs)} ms: it does not hear the others`
      trace.violation({ kind: "late", who: reading.name, what })
    }
  }

  async #medianLatency(reading: ServerProcess, sending: ServerProcess): Promise<number> {
    const { person, room } = this.#options
    const tap = await Tap.open(person, room, reading.port)
    const caller = new Caller(() => sending.port)
    const latencies: number[] = []
    for (let count = 0; count < messages; count++) {
      const content = `hint ${crypto.randomUUID()}`
      await caller.send(person, room, { id: crypto.randomUUID(), content })
      const sentAt = performance.now()
      await tap.hears(content, maxWaitMs)
      latencies.push(performance.now() - sentAt)
    }
    tap.close()
    return latencies.toSorted((a, b) => a - b)[Math.floor(messages / 2)] ?? 0
  }
}
