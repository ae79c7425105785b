/**
 * Frames one socket may send, of any kind: a flood costs parsing even where every frame is refused. Generous to
 * programs: Discord allows 120 in 60 s (Gateway documentation, "Rate Limiting").
 */
const maxFrames = 1000
const windowMs = 10_000

/** As how many frames one counts at most: a client that comes back may name all that it listens to. */
const maxWeight = 250

/** Counts one socket's frames. */
export class FrameLimit {
  #count = 0
  #since = 0

  /** Is one more within the limit? A frame that asks for many things counts as so many. */
  take(things = 1, now = performance.now()): boolean {
    if (now - this.#since >= windowMs) {
      this.#since = now
      this.#count = 0
    }
    this.#count += Math.max(1, Math.min(things, maxWeight))
    return this.#count <= maxFrames
  }
}
