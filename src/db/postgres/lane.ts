import type { Tx } from "../database.ts"
import { storageFailure } from "../failures.ts"
import { runInGroups } from "../groups.ts"
import type { ConnectionOptions } from "./connections.ts"
import { TransactionConnection } from "./transactions.ts"

export interface AppendJob {
  work: (tx: Tx) => Promise<unknown>
  /** May run at the same time as others of the same channel that are independent. */
  isIndependent: boolean
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/** Runs a transaction and reports it; `jobs` is the number of writes in it. */
export type ReportCommit = <T>(jobs: number, transaction: () => Promise<T>) => Promise<T>

/** Bounds how long a transaction locks its channel. */
const maxJobsPerTransaction = 64

/**
 * Writes the logs of some channels, over a connection of its own: one transaction after another, each for one channel.
 * What comes for a channel in the meantime shares that channel's next transaction. One of several channels could wait
 * for another node's that waits for it.
 */
export class Lane {
  readonly #connection: TransactionConnection
  readonly #report: ReportCommit
  /** By channel, in the order in which they came to wait. */
  readonly #waiting = new Map<string, AppendJob[]>()
  #isRunning = false

  constructor(options: ConnectionOptions, report: ReportCommit) {
    this.#connection = new TransactionConnection(options)
    this.#report = report
  }

  push(channelId: string, job: AppendJob): void {
    const jobs = this.#waiting.get(channelId)
    if (jobs) jobs.push(job)
    else this.#waiting.set(channelId, [job])
    if (this.#isRunning) return

    this.#isRunning = true
    // What else comes in this turn of the event loop shares the transaction.
    setImmediate(() => void this.#runAll())
  }

  close(): void {
    this.#connection.close()
  }

  async #runAll(): Promise<void> {
    for (const [channelId, waiting] of this.#waiting) {
      this.#waiting.delete(channelId)
      const jobs = waiting.splice(0, maxJobsPerTransaction)
      if (waiting.length > 0) this.#waiting.set(channelId, waiting)
      await this.#runShared(channelId, jobs)
    }
    this.#isRunning = false
  }

  async #runShared(channelId: string, jobs: AppendJob[]): Promise<void> {
    try {
      const results = await this.#transact(channelId, jobs)
      for (const [index, job] of jobs.entries()) job.resolve(results[index])
    } catch (error) {
      // Without the database each would fail again.
      if (jobs.length === 1 || storageFailure(error)) for (const job of jobs) job.reject(error)
      else for (const job of jobs) await this.#runShared(channelId, [job])
    }
  }

  #transact(channelId: string, jobs: AppendJob[]): Promise<unknown[]> {
    return this.#report(jobs.length, () =>
      // The statements of a group leave without waiting for each other's answers.
      this.#connection.transact(lockingChannel(channelId), (tx) => runInGroups(tx, jobs)),
    )
  }
}

/**
 * Begins a transaction that locks a channel's row. What `work` reads after that is newer than the commit of whoever
 * held the lock before, because each of its statements sees what is committed when that statement begins.
 */
function lockingChannel(channelId: string): [text: string, values: unknown[]][] {
  return [
    ["begin isolation level read committed", []],
    ["select seq from channels where id = ? for no key update", [channelId]],
  ]
}
