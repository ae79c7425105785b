import type { Seen } from "../../tests/integration/transports/page.ts"
import type { Change } from "../markup.ts"
import type { Trace } from "../trace.ts"
import type { ReaderLog } from "./log.ts"

interface Options {
  who: string
  log: ReaderLog
  trace: Trace
  /** Does its transport tell changes in the order they happened? */
  isOrdered: boolean
  onLive: () => void
}

/** One connection of a reader. What it is told is checked against what it was told before, then applied. */
export class Hearing {
  isLive = false
  freshStarts = 0
  heardAtMs = Date.now()
  readonly #aborter = new AbortController()
  /** It asked for what came after this. */
  readonly #from: number
  #last: number
  /** The last version of each message that came over this connection. */
  readonly #told = new Map<string, number>()

  constructor(private readonly options: Options) {
    this.#from = options.log.cursor
    this.#last = this.#from
  }

  /** Aborted when the reader lets go of the connection. */
  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  end(): void {
    this.#aborter.abort()
  }

  /** A sign of life. */
  heard(): void {
    this.heardAtMs = Date.now()
  }

  /** It has what it missed, and what comes now is new. */
  live(): void {
    if (this.isLive || this.signal.aborted) return

    this.isLive = true
    this.options.onLive()
  }

  /** Does what a page does with it. */
  take(change: Change): void {
    if (this.signal.aborted) return

    const { log } = this.options
    if (change.type === "gap" || change.type === "reset") this.freshStarts++
    if (change.type === "gap") log.reset([])
    else if (change.type === "reset") {
      log.reset(change.messages)
      this.advance(log.cursor)
    } else {
      this.#check(change.message, change.type === "insert")
      if (change.type === "replace") log.replace(change.message)
      else if (log.floor === Number.POSITIVE_INFINITY) log.prepend([change.message])
      else log.put(change.message)
    }
  }

  /** Does what a program does with it. */
  takeMessage(message: Seen): void {
    if (this.signal.aborted) return

    this.#check(message, false)
    this.options.log.putIfNewer(message)
  }

  /** It has everything up to that change. */
  advance(seq: number): void {
    if (this.signal.aborted) return

    this.options.log.cursor = Math.max(this.options.log.cursor, seq)
    this.#last = Math.max(this.#last, seq)
  }

  #check({ id, seq }: Seen, isInsert: boolean): void {
    const { who, trace, isOrdered } = this.options
    const before = this.#told.get(id)
    if (before !== undefined && (isInsert || seq === before)) {
      trace.violate("doubled", who, `Change ${seq} came after change ${before} of the same message`, id)
    }
    if (isOrdered && seq <= this.#last) {
      trace.violate("misordered", who, `Change ${seq} came after change ${this.#last}`, id)
    }
    this.#told.set(id, seq)
    this.#last = Math.max(this.#last, seq)
  }
}
