import { deleteDueBans, findNextBanEnd } from "../bans/store.ts"
import { fileSweeper, type Sweeper } from "../files/sweeper.ts"
import { resource } from "../permissions/resources.ts"
import { type PreviewFetcher, previewFetcher } from "../previews/previews.ts"
import { TimedDuty, type TimedDutyServices } from "../timed-duty.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { bytesOf, type KeptMessages } from "./kept-messages.ts"
import { deleteDueTimeouts, findNextTimeoutEnd } from "./timeouts.ts"
import { deleteExpired, findNextExpiry, listExpired } from "./undo-store.ts"

interface Bytes {
  files(): Pick<Sweeper, "deleteLater">
  pictures(): Pick<PreviewFetcher, "deletePictures">
}

/** Ends bans and timeouts at their time, and forgets what undoing an act takes when it is too late for that. */
export class ModerationDuty extends TimedDuty {
  protected readonly name = "ending bans and timeouts"
  readonly #services: TimedDutyServices
  readonly #bytes: Bytes

  constructor(services: TimedDutyServices, bytes: Bytes) {
    super(services)
    this.#services = services
    this.#bytes = bytes
  }

  protected async runDue(now: Date): Promise<void> {
    await this.#endDue(now)
    await this.#forgetExpired(now)
  }

  protected async findNextDue(): Promise<Date | undefined> {
    const { db } = this.#services
    const dues = [await findNextExpiry(db), await findNextBanEnd(db), await findNextTimeoutEnd(db)]
    return dues
      .filter((due) => due !== null && due !== undefined)
      .toSorted((a, b) => a.getTime() - b.getTime())[0]
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
  (services: TimedDutyServices & { workers: Workers }) =>
    new ModerationDuty(services, {
      files: () => services.workers.get(fileSweeper),
      pictures: () => services.workers.get(previewFetcher),
    }),
)
