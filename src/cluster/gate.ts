/** Most that waits. Beyond it everything is dropped, and read from the database by who looks there. */
const maxWaiting = 10_000

/** Lets announcements of other nodes through, but for the time in which this node reads who lost access. */
export class Gate {
  #waiting: (() => void)[] = []
  #readings = 0
  #isIncomplete = false

  /** How many announcements wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Runs `deliver` now, or once the gate is open. */
  pass(deliver: () => void): void {
    if (this.#readings === 0) deliver()
    else if (this.#waiting.length < maxWaiting) this.#waiting.push(deliver)
    else this.#isIncomplete = true
  }

  /** Closes the gate while `read` runs. When that fails, what came meanwhile is dropped. Rejects as `read` does. */
  async closeDuring(read: () => Promise<unknown>): Promise<void> {
    this.#readings++
    try {
      await read()
    } catch (error) {
      this.#isIncomplete = true
      throw error
    } finally {
      if (--this.#readings === 0) this.#open()
    }
  }

  #open(): void {
    const waiting = this.#waiting
    const isIncomplete = this.#isIncomplete
    this.#waiting = []
    this.#isIncomplete = false
    if (!isIncomplete) for (const deliver of waiting) deliver()
  }
}
