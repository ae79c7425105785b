import { Cache, immutable } from "../../cache/cache.ts"
import type { Db } from "../../db/database.ts"
import type { Message } from "../messages/contract.ts"
import type { Publisher } from "../publisher.ts"
import { defineWorker } from "../worker.ts"
import { findParent, findParentChannel, listStale, summarize } from "./store.ts"

/** A message says how its thread stands at most so often: each time it is another version, for all who read it. */
const quietMs = 2000
/** Channels of which is cached whether they are threads, which does not change. */
const maxEntries = 20_000
/** Threads that are brought up to date at once when the process starts. */
const batch = 200

interface Options {
  db: Db
  publisher: Publisher
  report(error: unknown, where: string): unknown
}

interface Resting {
  timer: ReturnType<typeof setTimeout>
  /** Something was said since it was last summarized. */
  isStale: boolean
}

/**
 * Updates the summaries of threads. The first message in a quiet thread is announced at once, later ones
 * together. Those pending when the process ends are announced when the next one starts.
 */
export class ThreadSummaries {
  readonly #resting = new Map<string, Resting>()
  readonly #isThread = new Cache<boolean>({ maxEntries })
  #isClosed = false
  #isOnDuty = false

  constructor(private readonly options: Options) {}

  /** Costs a look into memory, but for the first message of a channel. */
  onAnnounced({ channelId, seq, position }: Message): void {
    const isNew = seq === position
    // Most channels are known to be none.
    if (!isNew || this.#isThread.get(channelId, immutable) === false) return

    this.#noteNew(channelId).catch((error) => this.options.report(error, "the summary of a thread"))
  }

  /** Brings up to date what was left behind. */
  async start(): Promise<void> {
    this.#isOnDuty = true
    await this.wake()
  }

  stop(): void {
    this.#isOnDuty = false
  }

  /** Tells what a process that ended left behind. */
  async wake(): Promise<void> {
    const { db } = this.options
    let stale = await listStale(db, batch)
    while (stale.length > 0 && this.#isOnDuty) {
      await Promise.all(stale.map((id) => this.#summarize(id)))
      const left = await listStale(db, batch)
      // What cannot be brought up to date is not tried for ever.
      if (left.every((id) => stale.includes(id))) return
      stale = left
    }
  }

  close(): void {
    this.#isClosed = true
    this.stop()
    for (const { timer } of this.#resting.values()) clearTimeout(timer)
    this.#resting.clear()
  }

  async #noteNew(channelId: string): Promise<void> {
    if (!(await this.#isOfThread(channelId)) || this.#isClosed) return

    const resting = this.#resting.get(channelId)
    if (resting) resting.isStale = true
    else this.#tell(channelId)
  }

  #tell(channelId: string): void {
    const timer = setTimeout(() => this.#wake(channelId), quietMs)
    this.#resting.set(channelId, { timer, isStale: false })
    void this.#summarize(channelId)
  }

  #wake(channelId: string): void {
    const isStale = this.#resting.get(channelId)?.isStale
    this.#resting.delete(channelId)
    if (isStale) this.#tell(channelId)
  }

  async #summarize(channelId: string): Promise<void> {
    const { db, publisher, report } = this.options
    try {
      const parentId = await findParentChannel(db, channelId)
      if (parentId) await publisher.append(parentId, (changes) => summarize(changes, channelId))
    } catch (error) {
      report(error, "the summary of a thread")
    }
  }

  async #isOfThread(channelId: string): Promise<boolean> {
    const { db } = this.options
    return this.#isThread.getOrLoad(
      channelId,
      immutable,
      async () => (await findParent(db, channelId)) !== null,
    )
  }
}

export const threadSummaries = defineWorker((services: Options) => new ThreadSummaries(services))
