import { endMutes, findNextMuteEnd } from "../notification-levels/store.ts"
import { resource } from "../permissions/resources.ts"
import { TimedDuty, type TimedDutyServices } from "../timed-duty.ts"
import { defineWorker } from "../worker.ts"

/** Ends mutes at their time, so that pages and what is cached show it. */
export class MuteDuty extends TimedDuty {
  protected readonly name = "ending mutes"
  readonly #services: TimedDutyServices

  constructor(services: TimedDutyServices) {
    super(services)
    this.#services = services
  }

  protected async runDue(now: Date): Promise<void> {
    const { db, commits, server } = this.#services
    const next = await findNextMuteEnd(db)
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
    if (next === null || next > now) return

    const userIds = await commits.note("unread", (tx) => endMutes(tx, now))
    await server.updateResources(
      userIds.flatMap((userId) => [resource.notifications(userId), resource.reading(userId)]),
    )
  }

  protected async findNextDue(): Promise<Date | undefined> {
    return (await findNextMuteEnd(this.#services.db)) ?? undefined
  }
}

export const muteDuty = defineWorker((services: TimedDutyServices) => new MuteDuty(services))
