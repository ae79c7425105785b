import type { Commits, Db } from "../../db/database.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { deleteOldPushes, hasOldPushes } from "./queue.ts"
import { deleteEndedDevices, hasEndedDevices } from "./store.ts"

const hourMs = 3_600_000
/** How long it is known that a device got a notice: longer than any is tried. */
const keptMs = 48 * hourMs

interface CleanupServices {
  db: Db
  commits: Commits
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

/** Deletes old notices, and devices whose session has ended, each hour. Nothing is sent to those in the meantime. */
export class PushCleanup extends RecurringDuty {
  protected readonly name = "deleting old push notices"
  protected readonly intervalMs = hourMs
  readonly #services: CleanupServices

  constructor(services: CleanupServices) {
    super(services)
    this.#services = services
  }

  async run(now = new Date()): Promise<void> {
    const { db, commits } = this.#services
    const before = new Date(now.getTime() - keptMs)
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages.
    if (await hasOldPushes(db, before)) await commits.note("nothing", (tx) => deleteOldPushes(tx, before))
    if (await hasEndedDevices(db, now)) await commits.note("nothing", (tx) => deleteEndedDevices(tx, now))
  }
}

export const pushCleanup = defineWorker((services: CleanupServices) => new PushCleanup(services))
