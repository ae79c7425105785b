/** Most jobs that wait in one queue, and in all of them. */
const maxPerConnection = 200
const maxTotal = 5000

/** Runs jobs one after another per connection; jobs of different connections run side by side. */
export class PerConnectionQueues {
  readonly #queues = new Map<string, { last: Promise<unknown>; waiting: number }>()
  #waiting = 0

  /** Jobs that are running or waiting. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * Resolves with the job's result, or with `undefined` when too many jobs wait already; then the job was not run.
   * The job must not reject.
   */
  async run<T>(connection: string, job: () => Promise<T>): Promise<T | undefined> {
    const queue = this.#queues.get(connection) ?? { last: Promise.resolve(), waiting: 0 }
    if (queue.waiting >= maxPerConnection || this.#waiting >= maxTotal) return undefined

    this.#queues.set(connection, queue)
    queue.waiting++
    this.#waiting++
    const done = queue.last.then(job)
    queue.last = done
    try {
      return await done
    } finally {
      this.#waiting--
      if (--queue.waiting === 0) this.#queues.delete(connection)
    }
  }
}
