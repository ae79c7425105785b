import type { Db } from "../../db/database.ts"
import type { Publisher } from "../publisher.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { closePoll } from "./close.ts"
import { findNextClosing, listDuePolls } from "./store.ts"

/** Polls closed in one turn. */
const batchSize = 50
/** Longest wait for the next turn: timers hold at most 24 days, and the clock may be set meanwhile. */
const maxWaitMs = 60_000

interface PollCloserOptions {
  db: Db
  publisher: Publisher
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

/** Closes polls when their time is over. Polls that came due while no process ran are closed at the start. */
export class PollCloser {
  readonly #options: PollCloserOptions
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStarted = false

  constructor(options: PollCloserOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    this.#isStarted = true
    await this.closeDue()
  }

  /** Closes all polls that are due, and waits for the next one. */
  async closeDue(): Promise<void> {
    const { db, publisher, report } = this.#options
    try {
      const due = await listDuePolls(db, new Date(), batchSize)
      await Promise.all(
        due.map(({ messageId, channelId }) =>
          publisher.append(channelId, (changes) => closePoll(changes, messageId, new Date())),
        ),
      )
    } catch (error) {
      report(error, "closing polls")
    }
    await this.schedule()
  }

  /** Sets the timer for the next poll that closes. Call it when a poll was created. */
  async schedule(): Promise<void> {
    clearTimeout(this.#timer)
    if (!this.#options.workers.isOnDuty) return this.#options.workers.wake()
    if (!this.#isStarted) return

    const next = await findNextClosing(this.#options.db)
    if (!next) return

    // After a failure the poll is still due: it is tried again after a second, not at once.
    const waitMs = Math.min(Math.max(next.getTime() - Date.now(), 1000), maxWaitMs)
    this.#timer = setTimeout(() => void this.closeDue(), waitMs)
    this.#timer.unref()
  }

  stop(): void {
    this.close()
  }

  wake(): Promise<void> {
    return this.closeDue()
  }

  close(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
  }
}

export const pollCloser = defineWorker((services: PollCloserOptions) => new PollCloser(services))
