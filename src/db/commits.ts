import type { Database as Sqlite } from "bun:sqlite"
import { type StorageFailure, storageFailure } from "./failures.ts"

interface Job {
  work: () => unknown
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/**
 * Writes that arrive in one turn of the event loop share one durable commit: a sync to disk costs the same
 * for one message as for a hundred. Results come back in the order asked, and only after the commit.
 */
export class Commits {
  #waiting: Job[] = []
  #committedAt = 0
  #failure: (StorageFailure & { at: number }) | null = null

  /** Told of each commit: how long it took, and how many jobs shared it. */
  onCommit: (ms: number, jobs: number) => void = () => {}

  constructor(private readonly sqlite: Sqlite) {}

  /** When the last commit was done, by `performance.now()`. */
  get committedAt(): number {
    return this.#committedAt
  }

  /** Why the last commit failed and when; `null` when it did not, or not because of the database. */
  get failure(): (StorageFailure & { at: number }) | null {
    return this.#failure
  }

  /**
   * Runs `work` in the next shared transaction. It must be synchronous and safe to run twice, since a
   * transaction that fails is undone and each of its jobs is tried alone. Resolves to what `work` returned
   * once that is on disk; rejects with what it threw, and then nothing of it is stored.
   */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush())
      this.#waiting.push({ work, resolve: resolve as Job["resolve"], reject })
    })
  }

  /** Commits what waits, now: for shutting down. */
  flush(): void {
    const jobs = this.#waiting
    this.#waiting = []
    if (jobs.length === 0) return

    try {
      const results = this.#transact(() => jobs.map((job) => job.work()), jobs.length)
      for (const [index, job] of jobs.entries()) job.resolve(results[index])
    } catch (error) {
      // One by one they would each wait for the same lock or disk, and the whole process with them.
      if (storageFailure(error)) for (const job of jobs) job.reject(error)
      else for (const job of jobs) this.#runAlone(job)
    }
  }

  #runAlone({ work, resolve, reject }: Job): void {
    try {
      resolve(this.#transact(work, 1))
    } catch (error) {
      reject(error)
    }
  }

  #transact<T>(work: () => T, jobs: number): T {
    const startedAt = performance.now()
    try {
      const result = this.sqlite.transaction(work).immediate()
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
