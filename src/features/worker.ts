import type { Message } from "./messages/contract.ts"

/** Background work of a feature. */
export interface Worker {
  /** Starts background work. Called once, when the server accepts requests. */
  start?(): unknown
  /** Called after each announced change of a message. On the hot path: must not query the database. */
  onAnnounced?(message: Message): void
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

/** The workers of all features, one of each. */
export class Workers {
  readonly #workers = new Map<WorkerDefinition<never>, Worker>()
  #listeners: Worker[] = []

  constructor(private readonly report: (error: unknown, where: string) => unknown) {}

  /** Creates the workers. Call it once, when the services are complete. */
  create<Services>(definitions: readonly WorkerDefinition<Services>[], services: Services): void {
    for (const definition of definitions) this.#workers.set(definition, definition.create(services))
    this.#listeners = [...this.#workers.values()].filter(({ onAnnounced }) => onAnnounced)
  }

  get<Made extends Worker>(definition: WorkerDefinition<never, Made>): Made {
    const worker = this.#workers.get(definition)
    if (!worker) throw new Error("This worker is not among the `workers` of a feature")

    // `create` stored it under its own definition.
    return worker as Made
  }

  start(): void {
    for (const worker of this.#workers.values()) {
      Promise.try(() => worker.start?.()).catch((error) => this.report(error, "starting a worker"))
    }
  }

  announced(message: Message): void {
    for (const worker of this.#listeners) worker.onAnnounced?.(message)
  }

  close(): void {
    for (const worker of this.#workers.values()) worker.close()
  }
}
