import type { Db } from "../../db/database.ts"
import { fileSweeper, type Sweeper } from "../files/sweeper.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import type { Publisher } from "../publisher.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { deleteExpiredFiles, deleteExpiredMessages } from "./delete-expired.ts"
import { cutoffOf, listExpiredMessages, listWithExpiredFiles } from "./expired.ts"
import { listRetained, type RetainedChannel } from "./store.ts"

const hourMs = 3_600_000
/** Messages that one commit deletes, so that others write in between. */
const batchSize = 50
/** Channels that one statement returns. */
const pageSize = 500

interface DutyServices {
  db: Db
  publisher: Publisher
  messageHooks: readonly MessageHooks[]
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

/**
 * Deletes messages and files that are older than their channel keeps them: once an hour, and when that was changed. A run
 * that was cut short needs no cursor: what it deleted, the next one does not find.
 */
export class RetentionDuty extends RecurringDuty {
  protected readonly name = "deleting what is older than its channel keeps"
  protected readonly intervalMs = hourMs
  readonly #services: DutyServices
  readonly #files: () => Pick<Sweeper, "deleteLater">

  constructor(services: DutyServices, files: () => Pick<Sweeper, "deleteLater">) {
    super(services)
    this.#services = services
    this.#files = files
  }

  /** Deletes what is too old at a time, unless it is stopped. */
  async run(now = new Date(), isStopped = () => false): Promise<void> {
    let after = ""
    while (!isStopped()) {
      const page = await listRetained(this.#services.db, after, pageSize)
      for (const channel of page) {
        if (isStopped()) return
        await this.#deleteMessages(channel, now, isStopped)
        await this.#deleteFiles(channel, now, isStopped)
        after = channel.id
      }
      if (page.length < pageSize) return
    }
  }

  async #deleteMessages(
    { id: channelId, messageDays }: RetainedChannel,
    now: Date,
    isStopped: () => boolean,
  ) {
    const { db, publisher, messageHooks } = this.#services
    const cutoff = cutoffOf(messageDays, now)
    if (!cutoff) return

    for await (const found of listExpiredMessages(db, channelId, cutoff)) {
      for (let from = 0; from < found.length; from += batchSize) {
        if (isStopped()) return
        const ids = found.slice(from, from + batchSize)
        await publisher.append(channelId, (changes) =>
          deleteExpiredMessages(changes, messageHooks, { channelId, ids, now }),
        )
      }
    }
  }

  async #deleteFiles({ id: channelId, fileDays }: RetainedChannel, now: Date, isStopped: () => boolean) {
    const { db, publisher } = this.#services
    const cutoff = cutoffOf(fileDays, now)
    while (cutoff && !isStopped()) {
      const ids = await listWithExpiredFiles(db, { channelId, cutoff, limit: batchSize })
      if (ids.length === 0) return
      const deleted = await publisher.append(channelId, (changes) =>
        deleteExpiredFiles(changes, this.#files(), { channelId, ids, now }),
      )
      // Something else decides about them meanwhile.
      if (deleted === 0) return
    }
  }
}

export const retentionDuty = defineWorker(
  (services: DutyServices & { workers: Workers }) =>
    new RetentionDuty(services, () => services.workers.get(fileSweeper)),
)
