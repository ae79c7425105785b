const firstMs = 250
const maxMs = 30_000

/**
 * Exponential backoff with full jitter: each delay is random between 0 and a limit that doubles with every attempt,
 * so that clients that lost the same server do not all return at the same moment.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export class Backoff {
  readonly #random: () => number
  readonly #maxMs: number
  #attempts = 0

  /** `random` returns a number from 0 up to 1; no delay is longer than `longestMs`. */
  constructor(random: () => number = Math.random, longestMs = maxMs) {
    this.#random = random
    this.#maxMs = longestMs
  }

  /** The delay before the next attempt, in milliseconds. */
  nextMs(): number {
    return this.#random() * Math.min(this.#maxMs, firstMs * 2 ** this.#attempts++)
  }

  /** Starts again with the shortest delays; call it after a success. */
  reset(): void {
    this.#attempts = 0
  }
}
