import type { Commits, Db } from "../../db/database.ts"
import { defineWorker } from "../worker.ts"
import { deleteInstanceActs, hasInstanceActs } from "./instance-log.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs

interface TrimmerServices {
  db: Db
  commits: Commits
  config: { instanceLogDays: number }
  report(error: unknown, where: string): unknown
}

/** Deletes old entries of the log of the instance, each hour. */
export class InstanceLogTrimmer {
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
    const before = new Date(Date.now() - config.instanceLogDays * dayMs)
    try {
      // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
      if (await hasInstanceActs(db, before))
        await commits.note("nothing", (tx) => deleteInstanceActs(tx, before))
    } catch (error) {
      report(error, "deleting old entries of the log")
    }
  }
}

export const instanceLogTrimmer = defineWorker(
  (services: TrimmerServices) => new InstanceLogTrimmer(services),
)
