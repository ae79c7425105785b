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
  readonly #onMissed: () => void
  /** In the order they began, so that only the first has to be looked at. */
  readonly #pending = new Set<Pending>()
  #timer: Timer | null = null

  constructor(ms: number, onMissed: () => void) {
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
          this.#pending.delete(pending)
          resolve(result)
        },
        (error) => {
          this.#pending.delete(pending)
          reject(error)
        },
      )
    })
  }

  #check(): void {
    const missedBefore = performance.now() - this.#ms
    let isMissed = false
    for (const pending of this.#pending) {
      if (pending.since > missedBefore) break

      isMissed = true
      this.#pending.delete(pending)
      pending.reject(new NoAnswer(`Postgres did not answer within ${this.#ms} ms`))
    }
    if (isMissed) this.#onMissed()
    if (this.#pending.size > 0 || !this.#timer) return

    clearInterval(this.#timer)
    this.#timer = null
  }
}
