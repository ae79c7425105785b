import { defineWorker } from "../worker.ts"

/** How often it looks. */
const intervalMs = 1000

interface WatcherServices {
  access: { catchUp(): Promise<void> }
  report(error: unknown, where: string): unknown
}

/** Enforces the end of access that another program stored, such as `bun run admin`, within a second. */
class AccessWatcher {
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(private readonly services: WatcherServices) {}

  start(): void {
    const { access, report } = this.services
    const look = () =>
      void access.catchUp().catch((error) => report(error, "reading the log of ended access"))
    look()
    this.#timer = setInterval(look, intervalMs)
    this.#timer.unref()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

export const accessWatcher = defineWorker((services: WatcherServices) => new AccessWatcher(services))
