const leastMs = 250
const mostMs = 30_000

/**
 * How long to wait before the next try: anything from nothing to twice as long as the last time, so that those who
 * lost the same server do not come back to it at once. Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export class Backoff {
  private attempts = 0

  constructor(private readonly random: () => number = Math.random) {}

  nextMs(): number {
    return this.random() * Math.min(mostMs, leastMs * 2 ** this.attempts++)
  }

  /** It worked: the next failure is the first again. */
  reset(): void {
    this.attempts = 0
  }
}
