import type { Caller } from "./caller.ts"

/** Repeats a step of a check until its caller stops, and can be paused between two steps. */
export abstract class Rounds {
  readonly #caller: Caller
  readonly #waitMs: number
  #isPaused = false
  #current: Promise<void> = Promise.resolve()

  /** `waitMs`: between two steps, and while paused. */
  constructor(caller: Caller, waitMs: number) {
    this.#caller = caller
    this.#waitMs = waitMs
  }

  /** One step. */
  protected abstract step(): Promise<void>

  async run(): Promise<void> {
    while (!this.#caller.isStopped) {
      await Bun.sleep(this.#waitMs)
      if (this.#isPaused) continue

      this.#current = this.step()
      await this.#current
    }
  }

  stop(): void {
    this.#caller.stop()
  }

  /** Resolves when no step is running. */
  async pause(): Promise<void> {
    this.#isPaused = true
    await this.#current
  }

  resume(): void {
    this.#isPaused = false
  }
}
