import type { Seen } from "../../tests/integration/transports/page.ts"
import type { PageChange } from "../markup.ts"
import type { Trace } from "../trace.ts"
import type { ReaderLog } from "./log.ts"

interface ReaderConnectionOptions {
  who: string
  log: ReaderLog
  trace: Trace
  /** Whether the transport delivers changes in the order of the log. */
  isOrdered: boolean
  onLive: () => void
}

/** One connection of a reader. Checks every delivery against the earlier ones, then applies it to the log. */
export class ReaderConnection {
  isLive = false
  resets = 0
  lastActivityMs = Date.now()
  readonly #options: ReaderConnectionOptions
  readonly #aborter = new AbortController()
  #lastSeq: number
  /** The last delivered version of each message, by message id. */
  readonly #seqById = new Map<string, number>()

  constructor(options: ReaderConnectionOptions) {
    this.#options = options
    this.#lastSeq = options.log.cursor
  }

  /** Aborted when the reader drops the connection. */
  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  end(): void {
    this.#aborter.abort()
  }

  /** Notes that something was received. */
  touch(): void {
    this.lastActivityMs = Date.now()
  }

  /** The reader has caught up: what follows is new. */
  live(): void {
    if (this.isLive || this.signal.aborted) return

    this.isLive = true
    this.#options.onLive()
  }

  /** Applies a change as a page does. */
  apply(change: PageChange): void {
    if (this.signal.aborted) return

    const { log } = this.#options
    if (change.type === "gap" || change.type === "reset") this.resets++
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

  /** Applies a message as a program does. */
  applyMessage(message: Seen): void {
    if (this.signal.aborted) return

    this.#check(message, false)
    this.#options.log.putIfNewer(message)
  }

  /** The reader has everything up to that change. */
  advance(seq: number): void {
    if (this.signal.aborted) return

    const { log } = this.#options
    log.cursor = Math.max(log.cursor, seq)
    this.#lastSeq = Math.max(this.#lastSeq, seq)
  }

  #check({ id, seq }: Seen, isInsert: boolean): void {
    const { who, trace, isOrdered } = this.#options
    const before = this.#seqById.get(id)
    if (before !== undefined && (isInsert || seq === before)) {
      const what = `Change ${seq} came after change ${before} of the same message`
      trace.violation({ kind: "duplicated", who, what, messageId: id })
    }
    if (isOrdered && seq <= this.#lastSeq) {
      const what = `Change ${seq} came after change ${this.#lastSeq}`
      trace.violation({ kind: "misordered", who, what, messageId: id })
    }
    this.#seqById.set(id, seq)
    this.#lastSeq = Math.max(this.#lastSeq, seq)
  }
}
