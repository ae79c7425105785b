import type { Batch } from "./protocol.ts"

/** The part of a batch that shows whether one was lost. */
type NumberedBatch = Pick<Batch, "from" | "number" | "last"> & { posts: readonly { path: string }[] }

/** How many ended server processes are remembered, so that their late batches are ignored. */
const maxEnded = 16

/**
 * Detects lost batches by their sequence numbers. A lost message costs a reconnect; a lost eviction would leave
 * someone connected who lost the right to be. The tracker cannot tell which was lost, so on every gap all clients
 * must reconnect and be authorized again.
 */
export class SequenceTracker {
  /** The server process that sent the last batch. */
  #from: string | undefined
  #number = 0
  /** That process said with `last` that it has sent everything. */
  #isComplete = true
  readonly #ended = new Set<string>()
  readonly #now: () => number
  #lastBatchAt: number

  constructor(now = () => performance.now()) {
    this.#now = now
    this.#lastBatchAt = now()
  }

  /** Milliseconds since the last batch; 0 before the first one and after the server has ended properly. */
  get silentMs(): number {
    return this.#isComplete ? 0 : this.#now() - this.#lastBatchAt
  }

  /**
   * Decides what to do with a batch: `ignore` it (a duplicate, or from a process that was replaced), `accept` it, or
   * `reset`: accept it after all clients were disconnected, because something before it was lost.
   */
  check({ from, number, last = false, posts }: NumberedBatch): "ignore" | "reset" | "accept" {
    if (this.#ended.has(from)) return "ignore"
    if (from !== this.#from) return this.#startServer(from, number, last)

    // A lost grant is no gap: the client that asked for it was told that it failed.
    const isCounted = posts.some(({ path }) => path !== "/connection")
    const expected = isCounted ? this.#number + 1 : this.#number
    if (number < expected) return "ignore"
    this.#remember(number, last)
    return number > expected ? "reset" : "accept"
  }

  #startServer(from: string, number: number, last: boolean): "reset" | "accept" {
    const wasComplete = this.#isComplete
    if (this.#from !== undefined) this.#ended.add(this.#from)
    for (const oldest of this.#ended) {
      if (this.#ended.size > maxEnded) this.#ended.delete(oldest)
    }
    this.#from = from
    this.#remember(number, last)
    return wasComplete ? "accept" : "reset"
  }

  #remember(number: number, last: boolean): void {
    this.#number = number
    this.#isComplete = last
    this.#lastBatchAt = this.#now()
  }
}
