import type { Commits, Db } from "../../db/database.ts"
import { endMutes, findNextMuteEnd } from "../notification-levels/store.ts"
import { resource } from "../permissions/resources.ts"
import { defineWorker, type Workers } from "../worker.ts"

/** Longest wait for the next turn: timers hold at most 24 days, and the clock may be set meanwhile. */
const maxWaitMs = 60_000
/** After a failure what is due is tried again after this time, not at once. */
const minWaitMs = 250

interface DutyServices {
  db: Db
  commits: Commits
  workers: Pick<Workers, "isOnDuty" | "wake">
  server: { updateResources(resources: string[]): Promise<void> }
  report(error: unknown, where: string): unknown
}

/** Ends mutes when their time is over, so that pages and what is cached show it. */
export class MuteDuty {
  readonly #services: DutyServices
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStarted = false

  constructor(services: DutyServices) {
    this.#services = services
  }

  async start(): Promise<void> {
    this.#isStarted = true
    await this.run()
  }

  /** Ends what is over at a time, and waits for what is over next. */
  async run(now = new Date()): Promise<void> {
    try {
      await this.#endDue(now)
    } catch (error) {
      this.#services.report(error, "ending mutes")
    }
    await this.schedule()
  }

  /** Sets the timer for what is over next. Call it when something was muted. */
  async schedule(): Promise<void> {
    clearTimeout(this.#timer)
    if (!this.#services.workers.isOnDuty) return this.#services.workers.wake()
    if (!this.#isStarted) return

    const next = await findNextMuteEnd(this.#services.db)
    if (next === null || !this.#isStarted) return

    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => void this.run(),
      Math.min(Math.max(next.getTime() - Date.now(), minWaitMs), maxWaitMs),
    )
    this.#timer.unref()
  }

  wake(): Promise<void> {
    return this.run()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
  }

  async #endDue(now: Date): Promise<void> {
    const { db, commits, server } = this.#services
    const next = await findNextMuteEnd(db)
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
    if (next === null || next > now) return

    const userIds = await commits.note("unread", (tx) => endMutes(tx, now))
    await server.updateResources(
      userIds.flatMap((userId) => [resource.notifications(userId), resource.reading(userId)]),
    )
  }
}

export const muteDuty = defineWorker((services: DutyServices) => new MuteDuty(services))
