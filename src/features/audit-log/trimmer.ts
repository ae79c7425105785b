import type { Commits, Db } from "../../db/database.ts"
import { defineWorker } from "../worker.ts"
import { deleteActs, hasActs } from "./store.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs

interface TrimmerServices {
  db: Db
  commits: Commits
  config: { auditLogDays: number }
  report(error: unknown, where: string): unknown
}

/** Deletes old entries of the audit log, each hour. */
export class AuditTrimmer {
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(private readonly services: TrimmerServices) {}

  start(): Promise<void> {
    this.#timer = setInterval(() => void this.trim(), hourMs)
    this.#timer.unref()
    return this.trim()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Deletes what is older than the configured number of days. */
  async trim(): Promise<void> {
    const { db, commits, config, report } = this.services
    const before = new Date(Date.now() - config.auditLogDays * dayMs)
    try {
      // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
      if (await hasActs(db, before)) await commits.note("nothing", (tx) => deleteActs(tx, before))
    } catch (error) {
      report(error, "deleting old entries of the audit log")
    }
  }
}

export const auditTrimmer = defineWorker((services: TrimmerServices) => new AuditTrimmer(services))
