import { Refusal } from "../../kernel/index.ts"
import { resource } from "../permissions/resources.ts"
import type { Services } from "../services.ts"
import { TimedDuty } from "../timed-duty.ts"
import { defineWorker } from "../worker.ts"
import { ChangedMeanwhile, sendScheduled } from "./send-scheduled.ts"
import { findNextScheduled, findScheduledRow, listDueScheduled, updateUnsent } from "./store.ts"

/** Messages that are sent at the same time. */
const batchSize = 50
/** A limit that lets it through after at most this time puts it off; any other refusal is for its author to see. */
const maxPutOffSeconds = 60

/** Sends messages when their time comes. */
export class ScheduledMessageDuty extends TimedDuty {
  protected readonly name = "sending scheduled messages"
  readonly #services: Services

  constructor(services: Services) {
    super(services)
    this.#services = services
  }

  protected async runDue(now: Date, isStopped: () => boolean): Promise<void> {
    while (!isStopped()) {
      const due = await listDueScheduled(this.#services.db, now, batchSize)
      const results = await Promise.allSettled(due.map((id) => this.#send(id, now)))
      const failed = results.find((result) => result.status === "rejected")
      // Not a refusal: it stays due, and is tried again with the next look.
      if (failed) throw failed.reason
      if (due.length < batchSize) return
    }
  }

  protected findNextDue(): Promise<Date | undefined> {
    return findNextScheduled(this.#services.db)
  }

  async #send(id: string, now: Date): Promise<void> {
    const { db, server } = this.#services
    const due = await findScheduledRow(db, id)
    if (!due || due.scheduled.sentAt) return

    const { userId, channelId } = due.scheduled
    try {
      await sendScheduled(this.#services, due)
      await server.updateResources([resource.messages(channelId), resource.scheduled(userId)])
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!(error instanceof ChangedMeanwhile)) await this.#keep(due.scheduled, error, now)
    }
  }

  /** Keeps the text with the reason why it was not sent, or puts it off until the limit allows it. */
  async #keep(
    scheduled: { id: string; userId: string; updatedAt: Date },
    { message, options }: Refusal,
    now: Date,
  ): Promise<void> {
    const { retryAfterSeconds = Number.POSITIVE_INFINITY } = options
    const { commits, server } = this.#services
    const changed =
      retryAfterSeconds <= maxPutOffSeconds
        ? { dueAt: new Date(now.getTime() + retryAfterSeconds * 1000) }
        : { failure: message }
    await commits.decide((tx) => updateUnsent(tx, scheduled, changed))
    await server.updateResources([resource.scheduled(scheduled.userId)])
  }
}

export const scheduledMessageDuty = defineWorker((services: Services) => new ScheduledMessageDuty(services))
