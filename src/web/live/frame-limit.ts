/**
 * Frames one socket may send, of any kind: a flood costs parsing even where every frame is refused. Generous to
 * programs: Discord allows 120 in 60 s (Gateway documentation, "Rate Limiting").
 */
const maxFrames = 1000
/** Frames all sockets of one person may send together, so that more sockets do not allow a larger flood. */
export const maxFramesOfPerson = 3000
const windowMs = 10_000

/** As how many frames one counts at most: a client that comes back may name all that it listens to. */
const maxWeight = 250

/** Counts the frames of one socket, or of all sockets of one person. */
export class FrameLimit {
  readonly #max: number
  #count = 0
  #since = 0

  constructor(max = maxFrames) {
    this.#max = max
  }

  /** Is one more within the limit? A frame that asks for many things counts as so many. */
  take(things = 1, now = performance.now()): boolean {
    if (now - this.#since >= windowMs) {
      this.#since = now
      this.#count = 0
    }
    this.#count += Math.max(1, Math.min(things, maxWeight))
    return this.#count <= this.#max
  }
}
