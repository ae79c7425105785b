import type { Batch } from "./protocol.ts"

/** How many servers that have ended are remembered. */
const maxEnded = 16

/**
 * What a server's batches say about what did not arrive. Messages that were lost are a nuisance, an eviction that was
 * lost is a leak, and nobody knows which it was: so whoever is connected then has to come back, and is asked again.
 */
export class Stream {
  #from: string | undefined
  #number = 0
  /** The server said that it left nothing unsaid. */
  #isComplete = true
  readonly #ended = new Set<string>()
  #heardAt: number

  constructor(private readonly now: () => number = Date.now) {
    this.#heardAt = now()
  }

  /** Milliseconds since the server was last heard; 0 when there is none that should be. */
  get silentMs(): number {
    return this.#isComplete ? 0 : this.now() - this.#heardAt
  }

  /** What to do with a batch: nothing, when it comes late or twice; to forget everybody before it; or to take it. */
  take({ from, number, last = false, posts }: Batch): "ignore" | "reset" | "take" {
    // Grants do not count: who was to be granted something was told that it failed.
    const counts = posts.some(({ path }) => path !== "/connection")
    if (this.#ended.has(from)) return "ignore"
    if (from !== this.#from) return this.#start(from, number, last)

    const expected = counts ? this.#number + 1 : this.#number
    if (number < expected) return "ignore"
    this.#note(number, last)
    return number > expected ? "reset" : "take"
  }

  #start(from: string, number: number, last: boolean): "reset" | "take" {
    const wasComplete = this.#isComplete
    if (this.#from !== undefined) this.#ended.add(this.#from)
    for (const oldest of this.#ended) {
      if (this.#ended.size > maxEnded) this.#ended.delete(oldest)
    }
    this.#from = from
    this.#note(number, last)
    return wasComplete ? "take" : "reset"
  }

  #note(number: number, last: boolean): void {
    this.#number = number
    this.#isComplete = last
    this.#heardAt = this.now()
  }
}
