import type { SupervisedProcess } from "./supervised.ts"

/** A private Postgres or Redis on a port of its own, which keeps its port when it is started again. */
export class Service {
  readonly port: number
  readonly url: string
  readonly #start: () => Promise<SupervisedProcess>
  readonly #remove: () => void
  #process: SupervisedProcess

  /** Use `startPostgres` or `startRedis`. */
  private constructor({ port, url, start, remove }: ServiceParts, started: SupervisedProcess) {
    this.port = port
    this.url = url
    this.#start = start
    this.#remove = remove
    this.#process = started
  }

  static async start(parts: ServiceParts): Promise<Service> {
    try {
      return new Service(parts, await parts.start())
    } catch (error) {
      parts.remove()
      throw error
    }
  }

  get pid(): number {
    return this.#process.pid
  }

  get isRunning(): boolean {
    return this.#process.isRunning()
  }

  /** Starts it again after `kill` or `stop`, with the data it had. */
  async startAgain(): Promise<void> {
    if (!this.isRunning) this.#process = await this.#start()
  }

  /** Kills it without a warning, as a failing machine would. */
  async kill(): Promise<void> {
    this.signal("SIGKILL")
    await this.#process.ended
  }

  /** Asks it to end at once but orderly. For Postgres that is a fast shutdown: it ends every connection. */
  async stop(): Promise<void> {
    this.signal("SIGINT")
    await this.#process.ended
  }

  /** Sends its main process a signal; SIGSTOP makes it hang. */
  signal(name: NodeJS.Signals): void {
    this.#process.signal(name)
  }

  /** Ends it and deletes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGCONT")
    await this.kill()
    this.#remove()
  }
}

interface ServiceParts {
  port: number
  url: string
  start: () => Promise<SupervisedProcess>
  /** Deletes its data. */
  remove: () => void
}
