import { resource } from "../permissions/resources.ts"
import { TimedDuty, type TimedDutyServices } from "../timed-duty.ts"
import { defineWorker } from "../worker.ts"
import { findNextReminder, fireReminder, listDueReminders } from "./store.ts"

/** Reminders of one commit. */
const batchSize = 50

/** Reminds people when the time comes. */
export class ReminderDuty extends TimedDuty {
  protected readonly name = "reminding people"
  readonly #services: TimedDutyServices

  constructor(services: TimedDutyServices) {
    super(services)
    this.#services = services
  }

  protected async runDue(now: Date, isStopped: () => boolean): Promise<void> {
    const { db, commits, server } = this.#services
    while (!isStopped()) {
      const due = await listDueReminders(db, now, batchSize)
      // Commits nothing when there is nothing to do: each commit invalidates all cached pages.
      if (due.length === 0) return

      const reminded = await commits.decide(async (tx) => {
        const userIds = new Set<string>()
        for (const id of due) {
          const userId = await fireReminder(tx, id, now)
          if (userId !== undefined) userIds.add(userId)
        }
        return [...userIds]
      })
      await server.updateResources(reminded.flatMap((id) => [resource.reminders(id), resource.inbox(id)]))
      if (due.length < batchSize) return
    }
  }

  protected findNextDue(): Promise<Date | undefined> {
    return findNextReminder(this.#services.db)
  }
}

export const reminderDuty = defineWorker((services: TimedDutyServices) => new ReminderDuty(services))
