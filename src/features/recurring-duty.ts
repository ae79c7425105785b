import type { Worker, Workers } from "./worker.ts"

interface DutyServices {
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

/** A duty that runs at an interval and when it is asked for, and never twice at the same time. */
export abstract class RecurringDuty implements Worker {
  /** What failed, for error reports. */
  protected abstract readonly name: string
  protected abstract readonly intervalMs: number
  readonly #services: DutyServices
  #timer: ReturnType<typeof setInterval> | undefined
  #isStarted = false
  #running: Promise<void> | undefined
  #isAskedAgain = false

  constructor(services: DutyServices) {
    this.#services = services
  }

  /** Does what there is to do at a time, until it is stopped. */
  abstract run(now?: Date, isStopped?: () => boolean): Promise<void>

  start(): void {
    this.#isStarted = true
    this.#timer = setInterval(() => this.wake(), this.intervalMs)
    this.#timer.unref()
    this.wake()
  }

  /** Has the process that is on duty run it soon. Call it when there is something new to do. */
  ask(): void {
    if (this.#services.workers.isOnDuty) this.wake()
    else this.#services.workers.wake()
  }

  /** Runs it here, and once more when asked meanwhile. */
  wake(): void {
    if (!this.#isStarted) return
    if (this.#running) {
      this.#isAskedAgain = true
      return
    }
    this.#running = this.run(new Date(), () => !this.#isStarted)
      .catch((error) => {
        this.#services.report(error, this.name)
      })
      .finally(() => {
        this.#running = undefined
        if (!this.#isAskedAgain) return
        this.#isAskedAgain = false
        this.wake()
      })
  }

  stop(): void {
    this.close()
  }

  close(): void {
    this.#isStarted = false
    clearInterval(this.#timer)
  }
}
