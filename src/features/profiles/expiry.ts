import type { Services } from "../services.ts"
import { defineWorker, type Worker } from "../worker.ts"
import { announceFace } from "./announce.ts"
import { endStatus, listEndedStatuses } from "./store.ts"

/** A status is shown for at most so much longer than it lasts. */
const intervalMs = 20_000
/** Most that one run ends; the next one ends the rest. */
const maxPerRun = 200

type ExpiryServices = Pick<Services, "db" | "commits" | "server" | "presence" | "report">

/** Deletes statuses that have ended, so that lists of members, which are cached, no longer show them. */
class StatusExpiry implements Worker {
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(private readonly services: ExpiryServices) {}

  start(): void {
    this.#timer = setInterval(
      () => this.run(new Date()).catch((error) => this.services.report(error, "ending statuses")),
      intervalMs,
    )
    this.#timer.unref()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async run(now: Date): Promise<void> {
    const { db, commits } = this.services
    for (const userId of await listEndedStatuses(db, now, maxPerRun)) {
      const isEnded = await commits.note("directory", (tx) => endStatus(tx, userId, now))
      if (isEnded) await announceFace(this.services, userId)
    }
  }
}

export const statusExpiry = defineWorker((services: ExpiryServices) => new StatusExpiry(services))
