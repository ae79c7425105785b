import type { Commits } from "../../db/commits.ts"
import type { Db } from "../../db/open.ts"
import type { Message } from "../messages/contract.ts"
import { defineWorker } from "../worker.ts"
import { forgetGone, indexChanges, isAnyGone, listBehind, type Portion, tidyIndex } from "./indexing.ts"

/** Done in one go, while everybody else waits: some two milliseconds at most. */
const portion: Portion = { changes: 64, characters: 16_000 }
const forgottenAtOnce = 64
const pagesAtOnce = 16

/** So long what is new is gathered before it goes into the index. Whoever searches meanwhile does not wait for it. */
const gatherMs = 500
/** After each turn the index rests this many times as long as it worked, and at least a little. */
const restFactor = 2
const minRestMs = 5
/** How often it looks for what nobody told it of: another program wrote it, or the disk was full. */
const lookMs = 30_000
/** Turns that a search waits for, so that it finds what was sent a moment ago. */
const maxSettlingTurns = 8
/** So many changes behind, results say that there may be more soon. */
const farBehind = 1000

/** What one turn left to do, besides what has changed since it began. */
interface Left {
  isMore: boolean
  isUntidy: boolean
}

const nothingLeft: Left = { isMore: false, isUntidy: false }

interface Options {
  db: Db
  commits: Commits
  report(error: unknown, where: string): unknown
}

/**
 * Keeps the index of messages by reading the logs, as any other reader does: sending costs it a look into memory, and
 * what was not indexed when the process ended is found by how far each log is in the index.
 */
export class SearchIndex {
  /** Channels with changes that are not in the index, those first that had no turn for longest. */
  #behind = new Set<string>()
  #hasGone = false
  #isFarBehind = false
  #isStarted = false
  /** When it last took what was new, in milliseconds since the process began. */
  #tookAt = 0
  #working: Promise<Left> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #looking: ReturnType<typeof setInterval> | undefined

  constructor(private readonly options: Options) {}

  /** Is there so much left to do that results may be incomplete? */
  get isFarBehind(): boolean {
    return this.#isFarBehind
  }

  onAnnounced({ channelId }: Pick<Message, "channelId">): void {
    this.#behind.add(channelId)
    this.#wake(gatherMs)
  }

  /** Begins, with what was left behind. */
  start(): void {
    this.#isStarted = true
    this.#look()
    this.#looking = setInterval(() => this.#look(), lookMs)
    this.#looking.unref()
  }

  /** Brings in what is new, before somebody searches; not all of it, when that would take long. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < maxSettlingTurns && (this.#behind.size > 0 || this.#working); turns++) {
      await this.#work()
    }
  }

  close(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
    this.#timer = undefined
    clearInterval(this.#looking)
  }

  #look(): void {
    const behind = listBehind(this.options.db)
    for (const { channelId } of behind) this.#behind.add(channelId)
    this.#isFarBehind = behind.reduce((sum, { missing }) => sum + missing, 0) > farBehind
    this.#hasGone = isAnyGone(this.options.db)
    // Writes nothing where there is nothing to do: each commit invalidates all cached pages (`PageCache`).
    if (behind.length > 0 || this.#hasGone) this.#wake(gatherMs)
  }

  #wake(ms: number, isTidying = false): void {
    if (!this.#isStarted || this.#timer) return

    this.#timer = setTimeout(() => void this.#turn(isTidying), ms)
    this.#timer.unref()
  }

  async #turn(isTidying: boolean): Promise<void> {
    const startedAt = performance.now()
    const { isMore, isUntidy } = await this.#work(isTidying)
    this.#timer = undefined
    const restMs = Math.max(minRestMs, (performance.now() - startedAt) * restFactor)
    if (isMore) this.#wake(restMs)
    // To tidy may take thousands of turns, and to forget a channel too: what is new does not wait for their end.
    else if (isUntidy) this.#wake(restMs, performance.now() - this.#tookAt < gatherMs)
    // Not at once: a commit costs as much for one of them as for all that come within half a second.
    else if (this.#behind.size > 0) this.#wake(gatherMs)
  }

  /** One portion; who comes while it is under way waits for the same. */
  #work(isTidying = false): Promise<Left> {
    this.#working ??= this.#workOnce(isTidying)
      // It is found again by looking: trying at once would fail again.
      .catch((error) => {
        this.options.report(error, "the index of messages")
        return nothingLeft
      })
      .finally(() => {
        this.#working = null
      })
    return this.#working
  }

  async #workOnce(isTidying: boolean): Promise<Left> {
    const { db, commits } = this.options
    const behind = isTidying ? new Set<string>() : this.#behind
    if (!isTidying) {
      // What changes from here on is for the next turn.
      this.#behind = new Set()
      this.#tookAt = performance.now()
    }
    const done = await commits.run(() => ({
      unfinished: indexChanges(db, behind, portion),
      // Each portion leaves a piece of its own, and a search looks into all of them.
      isUntidy: tidyIndex(db, pagesAtOnce),
      hasGone: behind.size === 0 && this.#hasGone && forgetGone(db, forgottenAtOnce),
    }))
    this.#behind = new Set([...done.unfinished, ...this.#behind])
    this.#isFarBehind &&= this.#behind.size > 0
    if (behind.size === 0) this.#hasGone = done.hasGone
    return { isMore: done.unfinished.length > 0, isUntidy: done.isUntidy || this.#hasGone }
  }
}

export const messageIndex = defineWorker((services: Options) => new SearchIndex(services))
