/** Most that waits in one row, and in all of them. */
const maxInRow = 200
const maxWaiting = 5000

/** Jobs in rows: those of one row one after another, those of different rows side by side. */
export class Rows {
  readonly #rows = new Map<string, { last: Promise<unknown>; waiting: number }>()
  #waiting = 0

  get waiting(): number {
    return this.#waiting
  }

  /** What the job comes to; `undefined` when it was not taken on, because too much waits. Jobs must not reject. */
  async run<T>(name: string, job: () => Promise<T>): Promise<T | undefined> {
    const row = this.#rows.get(name) ?? { last: Promise.resolve(), waiting: 0 }
    if (row.waiting >= maxInRow || this.#waiting >= maxWaiting) return undefined

    this.#rows.set(name, row)
    row.waiting++
    this.#waiting++
    const done = row.last.then(job)
    row.last = done
    try {
      return await done
    } finally {
      this.#waiting--
      if (--row.waiting === 0) this.#rows.delete(name)
    }
  }
}
