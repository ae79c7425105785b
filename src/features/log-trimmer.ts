import type { Commits, Db, Tx } from "../db/database.ts"
import { RecurringDuty } from "./recurring-duty.ts"
import { defineWorker, type Workers } from "./worker.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A log whose entries are kept for a number of days. */
interface TrimmedLog<Config> {
  /** For error reports. */
  name: string
  /** How long its entries are kept. */
  days(config: Config): number
  /** Are there entries from before this time? */
  has(db: Db, before: Date): Promise<boolean>
  /** Deletes them. */
  remove(tx: Tx, before: Date): Promise<void>
}

interface TrimmerServices<Config> {
  db: Db
  commits: Commits
  config: Config
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

class LogTrimmer<Config> extends RecurringDuty {
  protected readonly name: string
  protected readonly intervalMs = hourMs
  readonly #services: TrimmerServices<Config>
  readonly #log: TrimmedLog<Config>

  constructor(services: TrimmerServices<Config>, log: TrimmedLog<Config>) {
    super(services)
    this.name = log.name
    this.#services = services
    this.#log = log
  }

  async run(now = new Date()): Promise<void> {
    const { db, commits, config } = this.#services
    const before = new Date(now.getTime() - this.#log.days(config) * dayMs)
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
    if (await this.#log.has(db, before)) await commits.note("nothing", (tx) => this.#log.remove(tx, before))
  }
}

/** Deletes old entries of a log, each hour. */
export function defineLogTrimmer<Config>(log: TrimmedLog<Config>) {
  return defineWorker((services: TrimmerServices<Config>) => new LogTrimmer(services, log))
}
