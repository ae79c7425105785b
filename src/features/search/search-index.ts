import type { Commits, Db } from "../../db/database.ts"
import { defineWorker, type Workers } from "../worker.ts"
import {
  hasDeletedChannels,
  type IndexBatch,
  indexChanges,
  listBehind,
  removeDeletedChannel,
} from "./indexing.ts"
import { hasOutdatedWords, renewWords } from "./renewal.ts"
import { loadStems } from "./stems.ts"
import type { WordIndex } from "./word-index.ts"

/** The work of one commit, for which the process waits: some three milliseconds (bench/README.md). */
const batch: IndexBatch = { changes: 64, characters: 16_000 }
const deletedPerCommit = 64
const pagesPerCommit = 16

/** Changes are batched for this long before they are indexed. A search indexes them at once. */
const debounceMs = 500
/** After each turn the worker pauses this many times as long as it worked, and at least `minPauseMs`. */
const pauseFactor = 2
/** While more is sent than it can index: sending goes first, and it catches up later. */
const busyPauseFactor = 9
const minPauseMs = 5
/** How often it polls for changes that were not announced to it: another program wrote them, or a commit failed. */
const pollMs = 30_000
/** Most turns that a search waits for, to find messages that were just sent. */
const maxCatchUpTurns = 8
/** With more unindexed changes, results say that they are incomplete. */
const farBehind = 1000

/** What one turn left to do, besides changes that came during it. */
interface Remaining {
  isMore: boolean
  needsMerge: boolean
}

const nothingRemains: Remaining = { isMore: false, needsMerge: false }

interface SearchIndexOptions {
  db: Db
  commits: Commits
  words: WordIndex
  workers: Pick<Workers, "isOnDuty">
  report(error: unknown, where: string): unknown
}

/**
 * Indexes messages in the background by reading the channels' logs with a stored cursor for each. Sending a message costs
 * one set insertion; changes that were not indexed when the process ended are found by their cursors.
 */
export class SearchIndex {
  /** Channels with unindexed changes; those that have waited longest come first. */
  #behind = new Set<string>()
  /** How many changes were announced to it since its last turn began. */
  #announced = 0
  #hasDeleted = false
  #isOutdated = false
  #isFarBehind = false
  #isStarted = false
  /** When it last indexed new changes, in milliseconds since the process started. */
  #indexedAt = 0
  #working: Promise<Remaining> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #polling: ReturnType<typeof setInterval> | undefined

  constructor(private readonly options: SearchIndexOptions) {}

  /** Are so many changes unindexed, or messages indexed by former rules, that results may be incomplete? */
  get isFarBehind(): boolean {
    return this.#isFarBehind || this.#isOutdated
  }

  onChange(channelId: string): void {
    this.#behind.add(channelId)
    this.#announced++
    this.#wake(debounceMs)
  }

  /** Starts with the changes that the last process left. */
  async start(): Promise<void> {
    this.#isStarted = true
    await this.#poll()
    this.#polling = setInterval(() => this.#pollAgain(), pollMs)
    this.#polling.unref()
  }

  stop(): void {
    this.close()
  }

  wake(): Promise<void> {
    return this.#poll()
  }

  /**
   * Indexes new changes before a search, except when there are too many to wait for. In a process that is not on duty,
   * those of the last moments may be missing.
   */
  async settle(): Promise<void> {
    if (!this.options.workers.isOnDuty) return
    for (let turns = 0; turns < maxCatchUpTurns && (this.#behind.size > 0 || this.#working); turns++) {
      await this.#work()
    }
  }

  close(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
    this.#timer = undefined
    clearInterval(this.#polling)
  }

  async #poll(): Promise<void> {
    const behind = await listBehind(this.options.db)
    for (const { channelId } of behind) this.#behind.add(channelId)
    this.#isFarBehind = behind.reduce((sum, { missing }) => sum + missing, 0) > farBehind
    this.#hasDeleted = await hasDeletedChannels(this.options.db)
    this.#isOutdated = await hasOutdatedWords(this.options.db)
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages (`PageCache`).
    if (behind.length > 0 || this.#hasDeleted || this.#isOutdated) this.#wake(debounceMs)
  }

  #pollAgain(): void {
    this.#poll().catch((error) => this.options.report(error, "the search index"))
  }

  #wake(ms: number, isMerging = false): void {
    if (!this.#isStarted || this.#timer) return

    this.#timer = setTimeout(() => void this.#turn(isMerging), ms)
    this.#timer.unref()
  }

  async #turn(isMerging: boolean): Promise<void> {
    const startedAt = performance.now()
    const factor = this.#announced > batch.changes ? busyPauseFactor : pauseFactor
    this.#announced = 0
    const { isMore, needsMerge } = await this.#work(isMerging)
    this.#timer = undefined
    const pauseMs = Math.max(minPauseMs, (performance.now() - startedAt) * factor)
    if (isMore) this.#wake(pauseMs)
    // Merging, removing a channel and renewing words may take thousands of turns: new changes go first.
    else if (needsMerge) this.#wake(pauseMs, performance.now() - this.#indexedAt < debounceMs)
    // After a debounce: one commit costs as much for one change as for all of the next half second.
    else if (this.#behind.size > 0) this.#wake(debounceMs)
  }

  /** Runs one batch; concurrent calls share it. */
  #work(isMerging = false): Promise<Remaining> {
    this.#working ??= this.#workOnce(isMerging)
      // The next poll finds these changes again; retrying at once would likely fail again.
      .catch((error) => {
        this.options.report(error, "the search index")
        return nothingRemains
      })
      .finally(() => {
        this.#working = null
      })
    return this.#working
  }

  async #workOnce(isMerging: boolean): Promise<Remaining> {
    const { commits, words } = this.options
    const behind = isMerging ? new Set<string>() : this.#behind
    if (!isMerging) {
      // Changes from here on belong to the next turn.
      this.#behind = new Set()
      this.#indexedAt = performance.now()
    }
    const stems = await loadStems()
    // New changes go first.
    const isQuiet = behind.size === 0
    // Nothing else writes to the index, and one node does it.
    const done = await commits.note("nothing", async (tx) => ({
      unfinished: await indexChanges({ tx, words, stems }, behind, batch),
      // Each batch adds a segment, and a search reads all segments.
      needsMerge: await words.merge(tx, pagesPerCommit),
      hasDeleted:
        isQuiet && this.#hasDeleted && (await removeDeletedChannel({ tx, words }, deletedPerCommit)),
      isOutdated: isQuiet && this.#isOutdated && (await renewWords({ tx, words, stems }, batch)),
    }))
    this.#behind = new Set([...done.unfinished, ...this.#behind])
    this.#isFarBehind &&= this.#behind.size > 0
    if (isQuiet) [this.#hasDeleted, this.#isOutdated] = [done.hasDeleted, done.isOutdated]
    const needsMerge = done.needsMerge || this.#hasDeleted || this.#isOutdated
    return { isMore: done.unfinished.length > 0, needsMerge }
  }
}

export const messageIndex = defineWorker((services: SearchIndexOptions) => new SearchIndex(services))
