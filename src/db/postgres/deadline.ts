/** The database did not answer in time: it hangs, or the network swallows what is sent. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer"
  readonly code = "POSTGRES_NO_ANSWER"
}

interface Pending {
  since: number
  reject: (error: NoAnswer) => void
}

/** How often the pending queries are checked during one deadline. */
const checksPerDeadline = 10

/** Rejects what takes too long: `Bun.SQL` waits forever for an answer that the network swallowed. */
export class Deadline {
  readonly #ms: number
  readonly #onMissed: (isStuck: boolean) => void
  /** In the order they began, so that only the first has to be looked at. */
  readonly #pending = new Set<Pending>()
  #timer: Timer | null = null
  #answeredAt = 0
  /** When the newest of the answered queries began. */
  #newestAnswered = 0

  /**
   * Calls `onMissed` after a query took too long. `isStuck`: that was a connection's fault. Otherwise the queries only
   * queue: the database answers, in order, but has too much to do.
   */
  constructor(ms: number, onMissed: (isStuck: boolean) => void) {
    this.#ms = ms
    this.#onMissed = onMissed
  }

  /** Settles as `query` does, but rejects with `NoAnswer` when that takes too long. */
  watch<T>(query: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending = { since: performance.now(), reject }
      this.#pending.add(pending)
      this.#timer ??= setInterval(() => this.#check(), this.#ms / checksPerDeadline)
      query.then(
        (result) => {
          this.#answered(pending)
          resolve(result)
        },
        (error) => {
          this.#answered(pending)
          reject(error)
        },
      )
    })
  }

  #answered(pending: Pending): void {
    this.#pending.delete(pending)
    this.#answeredAt = performance.now()
    this.#newestAnswered = Math.max(this.#newestAnswered, pending.since)
  }

  #check(): void {
    const missedBefore = performance.now() - this.#ms
    let firstMissed: Pending | undefined
    for (const pending of this.#pending) {
      if (pending.since > missedBefore) break

      firstMissed ??= pending
      this.#pending.delete(pending)
      pending.reject(new NoAnswer(`Postgres did not answer within ${this.#ms} ms`))
    }
    if (firstMissed) this.#onMissed(this.#isStuck(firstMissed))
    if (this.#pending.size > 0 || !this.#timer) return

    clearInterval(this.#timer)
    this.#timer = null
  }

  #isStuck({ since }: Pending): boolean {
    const isSilent = performance.now() - this.#answeredAt > this.#ms
    const wasOvertaken = this.#newestAnswered - since > this.#ms / 2
    return isSilent || wasOvertaken
  }
}
