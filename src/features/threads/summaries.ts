import { Cache, immutable } from "../../cache/cache.ts"
import type { Db } from "../../db/open.ts"
import type { Message } from "../messages/contract.ts"
import type { Publisher } from "../publisher.ts"
import { defineWorker } from "../worker.ts"
import { findParent, listStale, summarize } from "./store.ts"

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
 * Keeps what messages say of their threads. The first message in a quiet thread is told at once, what follows
 * together. What is not told when the process ends is told when the next one begins.
 */
export class ThreadSummaries {
  readonly #resting = new Map<string, Resting>()
  readonly #isThread = new Cache<boolean>({ maxEntries })
  #isClosed = false

  constructor(private readonly options: Options) {}

  /** Costs a look into memory, but for the first message of a channel. */
  onAnnounced({ channelId, seq, position }: Message): void {
    const isNew = seq === position
    if (!isNew || this.#isClosed || !this.#isOfThread(channelId)) return

    const resting = this.#resting.get(channelId)
    if (resting) resting.isStale = true
    else this.#tell(channelId)
  }

  /** Brings up to date what was left behind. */
  async start(): Promise<void> {
    const { db } = this.options
    let stale = listStale(db, batch)
    while (stale.length > 0 && !this.#isClosed) {
      await Promise.all(stale.map((id) => this.#summarize(id)))
      const left = listStale(db, batch)
      // What cannot be brought up to date is not tried for ever.
      if (left.every((id) => stale.includes(id))) return
      stale = left
    }
  }

  close(): void {
    this.#isClosed = true
    for (const { timer } of this.#resting.values()) clearTimeout(timer)
    this.#resting.clear()
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
    const { publisher, report } = this.options
    try {
      await publisher.publish((changes) => summarize(changes, channelId))
    } catch (error) {
      report(error, "the summary of a thread")
    }
  }

  #isOfThread(channelId: string): boolean {
    const { db } = this.options
    return this.#isThread.getOrCreate(channelId, immutable, () => findParent(db, channelId) !== null)
  }
}

export const threadSummaries = defineWorker((services: Options) => new ThreadSummaries(services))
