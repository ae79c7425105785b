import type { AdvisoryLock } from "../db/postgres/advisory-lock.ts"
import type { Logger } from "../observability/log.ts"

/** How often the caretaker asks whether it still is, and the others whether they can be, in milliseconds. */
const pollMs = 1000

interface CaretakerOptions {
  /** What decides; `null` when this is the only process. */
  lock: AdvisoryLock | null
  /** Starts the duties. */
  start(): void
  /** Stops the duties. They may be started again. */
  stop(): void
  log: Logger
}

/**
 * Makes one node of an installation do what must not be done by all. For a moment there may be two: one that was cut off
 * stops at the latest three seconds later. So every duty moves its cursor only from where it found it.
 */
export class Caretaker {
  readonly #options: CaretakerOptions
  #isOn = false
  #isClosed = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #polling = Promise.resolve()

  constructor(options: CaretakerOptions) {
    this.#options = options
  }

  /** Whether this node does the duties. */
  get isOn(): boolean {
    return this.#isOn
  }

  start(): void {
    if (this.#options.lock) this.#poll(this.#options.lock)
    else this.#turn(true)
  }

  /** Stops the duties and lets another node have them. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#turn(false)
    await this.#polling
    await this.#options.lock?.release()
  }

  #poll(lock: AdvisoryLock): void {
    this.#polling = this.#check(lock).finally(() => {
      if (!this.#isClosed) this.#timer = setTimeout(() => this.#poll(lock), pollMs)
    })
  }

  async #check(lock: AdvisoryLock): Promise<void> {
    const isOn = this.#isOn ? await lock.held() : await lock.acquire().catch(() => false)
    if (!this.#isClosed) this.#turn(isOn)
  }

  #turn(isOn: boolean): void {
    if (isOn === this.#isOn) return

    this.#isOn = isOn
    const { lock, log, start, stop } = this.#options
    if (lock) log.info(isOn ? "This node is the caretaker now" : "This node is no longer the caretaker")
    if (isOn) start()
    else stop()
  }
}
