/**
 * Frames one socket may send, of any kind: a flood costs parsing even where every frame is refused. Generous to
 * programs: Discord allows 120 in 60 s (Gateway documentation, "Rate Limiting").
 */
const maxFrames = 1000
const windowMs = 10_000

/** Counts one socket's frames. */
export class FrameLimit {
  #count = 0
  #since = 0

  /** Is one more within the limit? */
  take(now = performance.now()): boolean {
    if (now - this.#since >= windowMs) {
      this.#since = now
      this.#count = 0
    }
    return ++this.#count <= maxFrames
  }
}
