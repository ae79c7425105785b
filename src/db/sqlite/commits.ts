import type { Database as Sqlite, Statement } from "bun:sqlite"
import type { AppendOptions, Commits, Tx } from "../database.ts"
import { type StorageFailure, storageFailure } from "../failures.ts"
import { runInGroups } from "../groups.ts"

interface WriteJob {
  work: (tx: Tx) => Promise<unknown>
  isIndependent: boolean
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

interface Writer {
  /** The only connection that writes. */
  sqlite: Sqlite
  tx: Tx
  /** Called after each commit, before it is announced. */
  onCommitted(): void
}

/**
 * Batches writes: all writes of one turn of the event loop share one durable transaction, because syncing to the
 * disk costs the same for one as for a hundred. Results arrive in order, and only after the commit.
 *
 * SQLite has one writer, so every kind of commit is the same here: nothing else is written meanwhile.
 */
export class SqliteCommits implements Commits {
  readonly #writer: Writer
  readonly #begin: Statement
  readonly #commit: Statement
  readonly #rollback: Statement
  #waiting: WriteJob[] = []
  /** Ends when everything that was started is committed; transactions of one connection cannot overlap. */
  #running: Promise<void> = Promise.resolve()
  #committedAt = 0
  #failure: (StorageFailure & { at: number }) | null = null

  onCommit: Commits["onCommit"] = () => {}

  constructor(writer: Writer) {
    this.#writer = writer
    this.#begin = writer.sqlite.prepare("BEGIN IMMEDIATE")
    this.#commit = writer.sqlite.prepare("COMMIT")
    this.#rollback = writer.sqlite.prepare("ROLLBACK")
  }

  get committedAt(): number {
    return this.#committedAt
  }

  get failure(): (StorageFailure & { at: number }) | null {
    return this.#failure
  }

  append<T>(_channelId: string, work: (tx: Tx) => Promise<T>, options?: AppendOptions): Promise<T> {
    return this.#enqueue(work, options?.isIndependent)
  }

  decide<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#enqueue(work)
  }

  note<T>(_changed: unknown, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#enqueue(work)
  }

  flush(): Promise<void> {
    const jobs = this.#waiting
    this.#waiting = []
    if (jobs.length > 0) this.#running = this.#running.then(() => this.#write(jobs))
    return this.#running
  }

  #enqueue<T>(work: (tx: Tx) => Promise<T>, isIndependent = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush())
      this.#waiting.push({ work, isIndependent, resolve: resolve as WriteJob["resolve"], reject })
    })
  }

  /** Never rejects: each job learns of its own failure. */
  async #write(jobs: WriteJob[]): Promise<void> {
    try {
      const results = await this.#transact(jobs)
      for (const [index, job] of jobs.entries()) job.resolve(results[index])
    } catch (error) {
      // With a locked or full disk each would fail again, and block the process while it waits for the lock.
      if (jobs.length === 1 || storageFailure(error)) for (const job of jobs) job.reject(error)
      else for (const job of jobs) await this.#write([job])
    }
  }

  async #transact(jobs: WriteJob[]): Promise<unknown[]> {
    const startedAt = performance.now()
    try {
      this.#begin.run()
      const results = await runInGroups(this.#writer.tx, jobs)
      this.#commit.run()
      this.#succeeded(startedAt, jobs.length)
      return results
    } catch (error) {
      if (this.#writer.sqlite.inTransaction) this.#rollback.run()
      const failure = storageFailure(error)
      this.#failure = failure ? { ...failure, at: performance.now() } : null
      throw error
    }
  }

  #succeeded(startedAt: number, jobs: number): void {
    this.#writer.onCommitted()
    this.#failure = null
    this.#committedAt = performance.now()
    this.onCommit(this.#committedAt - startedAt, jobs)
  }
}
