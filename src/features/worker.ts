import type { Message } from "./messages/contract.ts"

/**
 * Background work of a feature. What `start` begins are duties, which one process does for all that share the database:
 * it is on duty.
 */
export interface Worker {
  /** Starts the duties. Called when this process goes on duty, which may be again after `stop`. */
  start?(): unknown
  /** Stops the duties. A duty that is still under way may meet its successor, so each moves its cursor only forwards. */
  stop?(): void
  /** Looks for duties that it was not told of. */
  wake?(): unknown
  /** Called after each change that this process announced. On the hot path: must not query the database. */
  onAnnounced?(message: Message): void
  /** Called on duty after each change of a log that any process announced. On the hot path as well. */
  onChange?(channelId: string): void
  /** Stops all work and clears all timers. */
  close(): void
}

/** Creates a worker from the services it needs. Also its key in `services.workers`. */
export interface WorkerDefinition<in Needs, out Made extends Worker = Worker> {
  readonly create: (services: Needs) => Made
}

export function defineWorker<Needs, Made extends Worker>(
  create: (services: Needs) => Made,
): WorkerDefinition<Needs, Made> {
  return { create }
}

/** Who is on duty when several processes share the database. */
interface Duty {
  isOn(): boolean
  /** Has the process that is on duty look for what it was not told of. */
  wakeOther(): void
}

/** The workers of all features, one of each. */
export class Workers {
  readonly #workers = new Map<WorkerDefinition<never>, Worker>()
  readonly #report: (error: unknown, where: string) => unknown
  readonly #duty: Duty | undefined
  #announcedTo: Worker[] = []
  #changedTo: Worker[] = []
  #toStart: Worker[] = []

  /** Without `duty` this process is always on duty. */
  constructor(report: (error: unknown, where: string) => unknown, duty?: Duty) {
    this.#report = report
    this.#duty = duty
  }

  /** Whether this process does the duties, or will once it is started. */
  get isOnDuty(): boolean {
    return this.#duty?.isOn() ?? true
  }

  /** Creates the workers. Call it once, when the services are complete. */
  create<Services>(definitions: readonly WorkerDefinition<Services>[], services: Services): void {
    for (const definition of definitions) this.#workers.set(definition, definition.create(services))
    this.#announcedTo = [...this.#workers.values()].filter(({ onAnnounced }) => onAnnounced)
    this.#changedTo = [...this.#workers.values()].filter(({ onChange }) => onChange)
  }

  get<Made extends Worker>(definition: WorkerDefinition<never, Made>): Made {
    const worker = this.#workers.get(definition)
    if (!worker) throw new Error("This worker is not among the `workers` of a feature")

    // `create` stored it under its own definition.
    return worker as Made
  }

  /** Starts the duties, each in a turn of its own, because together they would hold up requests. */
  start(): void {
    this.#toStart = [...this.#workers.values()]
    this.#startNext()
  }

  /** Stops the duties. */
  stop(): void {
    this.#toStart = []
    for (const worker of this.#workers.values()) worker.stop?.()
  }

  /** Has the workers look for duties that they were not told of, in this process or the one that is on duty. */
  wake(): void {
    if (this.isOnDuty)
      for (const worker of this.#workers.values()) this.#run(() => worker.wake?.(), "waking a worker")
    else this.#duty?.wakeOther()
  }

  /** Receives a change that this process announced. */
  announced(message: Message): void {
    for (const worker of this.#announcedTo) worker.onAnnounced?.(message)
    this.changed(message.channelId)
  }

  /** Receives a change of a log that any process announced. */
  changed(channelId: string): void {
    if (!this.isOnDuty) return
    for (const worker of this.#changedTo) worker.onChange?.(channelId)
  }

  close(): void {
    this.#toStart = []
    for (const worker of this.#workers.values()) worker.close()
  }

  #startNext(): void {
    setImmediate(() => {
      const worker = this.#toStart.shift()
      if (!worker) return

      this.#run(() => worker.start?.(), "starting a worker")
      this.#startNext()
    })
  }

  #run(work: () => unknown, where: string): void {
    Promise.try(work).catch((error) => this.#report(error, where))
  }
}
