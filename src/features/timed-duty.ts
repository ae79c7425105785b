import type { Commits, Db } from "../db/database.ts"
import { RecurringDuty } from "./recurring-duty.ts"
import type { Workers } from "./worker.ts"

/** What duties need that change rows and tell pages of it. */
export interface TimedDutyServices {
  db: Db
  commits: Commits
  workers: Pick<Workers, "isOnDuty" | "wake">
  server: { updateResources(resources: string[]): Promise<void> }
  report(error: unknown, where: string): unknown
}

/** Longest wait: timers hold at most 24 days, and the clock may be set meanwhile. */
const lookMs = 60_000
/** Delay before a run is repeated for work that is still due. */
const againMs = 1000

/** A duty with a schedule in the database. Work that came due while no process ran is done at the start. */
export abstract class TimedDuty extends RecurringDuty {
  protected readonly intervalMs = lookMs
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Does all that is due at a time, until it is stopped. */
  protected abstract runDue(now: Date, isStopped: () => boolean): Promise<void>
  /** When the next thing is due. */
  protected abstract findNextDue(): Promise<Date | undefined>

  /** Call it when something was put on the time table. */
  async run(now = new Date(), isStopped = () => false): Promise<void> {
    clearTimeout(this.#timer)
    await this.runDue(now, isStopped)
    const next = await this.findNextDue()
    if (!next || isStopped()) return

    const waitMs = next.getTime() - Date.now()
    this.#timer = setTimeout(() => this.wake(), waitMs > 0 ? Math.min(waitMs, lookMs) : againMs)
    this.#timer.unref()
  }

  override close(): void {
    super.close()
    clearTimeout(this.#timer)
  }
}
