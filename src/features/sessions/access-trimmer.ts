import type { Commits, Db } from "../../db/database.ts"
import { deleteEndedAccess, hasEndedAccess } from "../permissions/access-log.ts"
import { defineWorker } from "../worker.ts"

const hourMs = 3_600_000
/** How long entries are kept. A node that was away for longer ends all its connections. */
const keptMs = 24 * hourMs

interface TrimmerServices {
  db: Db
  commits: Commits
  report(error: unknown, where: string): unknown
}

/** Deletes old entries of the log of ended access, each hour. */
class AccessTrimmer {
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(private readonly services: TrimmerServices) {}

  start(): void {
    const run = () =>
      void this.#trim().catch((error) => this.services.report(error, "trimming the log of ended access"))
    run()
    this.#timer = setInterval(run, hourMs)
    this.#timer.unref()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #trim(): Promise<void> {
    const { db, commits } = this.services
    const before = new Date(Date.now() - keptMs)
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
    if (await hasEndedAccess(db, before)) await commits.note("nothing", (tx) => deleteEndedAccess(tx, before))
  }
}

export const accessTrimmer = defineWorker((services: TrimmerServices) => new AccessTrimmer(services))
