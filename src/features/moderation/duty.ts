import type { Commits, Db } from "../../db/database.ts"
import { deleteDueBans, findNextBanEnd } from "../bans/store.ts"
import { fileSweeper, type Sweeper } from "../files/sweeper.ts"
import { resource } from "../permissions/resources.ts"
import { type PreviewFetcher, previewFetcher } from "../previews/previews.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { bytesOf, type KeptMessages } from "./kept-messages.ts"
import { deleteDueTimeouts, findNextTimeoutEnd } from "./timeouts.ts"
import { deleteExpired, findNextExpiry, listExpired } from "./undo-store.ts"

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

interface Bytes {
  files(): Pick<Sweeper, "deleteLater">
  pictures(): Pick<PreviewFetcher, "deletePictures">
}

/** Ends bans and timeouts when their time is over, and forgets what undoing an act takes when it is too late for that. */
export class ModerationDuty {
  readonly #services: DutyServices
  readonly #bytes: Bytes
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStarted = false

  constructor(services: DutyServices, bytes: Bytes) {
    this.#services = services
    this.#bytes = bytes
  }

  async start(): Promise<void> {
    this.#isStarted = true
    await this.run()
  }

  /** Does what is due at a time, and waits for what is due next. */
  async run(now = new Date()): Promise<void> {
    try {
      await this.#endDue(now)
      await this.#forgetExpired(now)
    } catch (error) {
      this.#services.report(error, "ending bans and timeouts")
    }
    await this.schedule()
  }

  /** Sets the timer for what is due next. Call it when there is something new. */
  async schedule(): Promise<void> {
    clearTimeout(this.#timer)
    if (!this.#services.workers.isOnDuty) return this.#services.workers.wake()
    if (!this.#isStarted) return

    const { db } = this.#services
    const dues = [await findNextExpiry(db), await findNextBanEnd(db), await findNextTimeoutEnd(db)]
    const next = Math.min(...dues.map((due) => due?.getTime() ?? Number.POSITIVE_INFINITY))
    if (next === Number.POSITIVE_INFINITY || !this.#isStarted) return

    const waitMs = Math.min(Math.max(next - Date.now(), minWaitMs), maxWaitMs)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.run(), waitMs)
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
    const [ban, timeout] = [await findNextBanEnd(db), await findNextTimeoutEnd(db)]
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
    const bansEnded = ban && ban <= now ? await commits.decide((tx) => deleteDueBans(tx, now)) : []
    const timeoutsEnded =
      timeout && timeout <= now ? await commits.decide((tx) => deleteDueTimeouts(tx, now)) : []
    const changed = [
      ...bansEnded.map((serverId) => resource.bans(serverId)),
      ...timeoutsEnded.map((serverId) => resource.members(serverId)),
    ]
    if (changed.length > 0) await server.updateResources([...new Set(changed)])
  }

  async #forgetExpired(now: Date): Promise<void> {
    const { db, commits } = this.#services
    for (const { id, data } of await listExpired(db, now)) {
      if (!(await commits.note("nothing", (tx) => deleteExpired(tx, id, now)))) continue
      if (!data.kept) continue
      const { files, pictures } = bytesOf(data.kept as KeptMessages)
      if (files.length > 0) this.#bytes.files().deleteLater(files)
      if (pictures.length > 0) this.#bytes.pictures().deletePictures(pictures)
    }
  }
}

export const moderationDuty = defineWorker(
  (services: DutyServices & { workers: Workers }) =>
    new ModerationDuty(services, {
      files: () => services.workers.get(fileSweeper),
      pictures: () => services.workers.get(previewFetcher),
    }),
)
