import type { Database as Sqlite } from "bun:sqlite"
import { type StorageFailure, storageFailure } from "./failures.ts"

interface WriteJob {
  work: () => unknown
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/** A failed commit. `at` is on the clock of `performance.now()`. */
type CommitFailure = StorageFailure & { at: number }

/**
 * Batches writes: all writes of one turn of the event loop share one durable transaction, because syncing to the
 * disk costs the same for one as for a hundred. Results arrive in order, and only after the commit.
 */
export class Commits {
  readonly #sqlite: Sqlite
  #waiting: WriteJob[] = []
  #committedAt = 0
  #failure: CommitFailure | null = null

  /** Called after each commit with its duration in milliseconds and the number of writes. */
  onCommit: (ms: number, jobs: number) => void = () => {}

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
  }

  /** When the last commit was done, on the clock of `performance.now()`. */
  get committedAt(): number {
    return this.#committedAt
  }

  /** Why the last commit failed; `null` when it succeeded or failed for a reason other than the database. */
  get failure(): CommitFailure | null {
    return this.#failure
  }

  /**
   * Runs `work` in the next shared transaction. Resolves with what it returned once that is on disk. Rejects with
   * what it threw; then nothing of it is stored. `work` must be synchronous and safe to run twice: when a shared
   * transaction fails, it is rolled back and each of its writes is tried alone.
   *
   * @example
   * await commits.run(() => db.insert(pins).values(pin).run())
   */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush())
      this.#waiting.push({ work, resolve: resolve as WriteJob["resolve"], reject })
    })
  }

  /** Commits all waiting writes now, for a shutdown. */
  flush(): void {
    const jobs = this.#waiting
    this.#waiting = []
    if (jobs.length === 0) return

    try {
      const results = this.#transact(() => jobs.map((job) => job.work()), jobs.length)
      for (const [index, job] of jobs.entries()) job.resolve(results[index])
    } catch (error) {
      // With a locked or full disk each would fail again, and block the process while it waits for the lock.
      if (storageFailure(error)) for (const job of jobs) job.reject(error)
      else for (const job of jobs) this.#runAlone(job)
    }
  }

  #runAlone({ work, resolve, reject }: WriteJob): void {
    try {
      resolve(this.#transact(work, 1))
    } catch (error) {
      reject(error)
    }
  }

  #transact<T>(work: () => T, jobs: number): T {
    const startedAt = performance.now()
    try {
      const result = this.#sqlite.transaction(work).immediate()
      this.#failure = null
      this.#committedAt = performance.now()
      this.onCommit(this.#committedAt - startedAt, jobs)
      return result
    } catch (error) {
      const failure = storageFailure(error)
      this.#failure = failure ? { ...failure, at: performance.now() } : null
      throw error
    }
  }
}
