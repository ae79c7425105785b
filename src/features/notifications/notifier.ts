import type { Commits, Db } from "../../db/database.ts"
import type { Clocks } from "../../web/clocks.ts"
import { resource } from "../permissions/resources.ts"
import { defineWorker } from "../worker.ts"
import { listListeners } from "./candidates.ts"
import {
  advanceCursor,
  beginAtHeads,
  findLog,
  hasBegun,
  listLogChanges,
  listUnnotified,
  type NotifiedLog,
} from "./reading-logs.ts"
import { decideNotices, findCandidates } from "./recipients.ts"
import { type NotificationSink, notificationSinks } from "./sinks.ts"

/** Changes of one log that one turn looks at. */
const batchSize = 128
/** Changes are gathered for this long: sending goes first, and one look serves all of them. */
const debounceMs = 100
/** After each turn it pauses this many times as long as it worked, and at least for the debounce. */
const pauseFactor = 2
/** How often it polls for changes whose announcement was lost. */
const pollMs = 30_000
/** Cursors that moved past changes without recipients are stored together, with this delay. */
const storeLaterMs = 2000

interface NotifierServices {
  db: Db
  commits: Commits
  clocks: Clocks
  server: { updateResources(resources: string[]): Promise<void> }
  report(error: unknown, where: string): unknown
}

interface NotifierOptions {
  sinks?: readonly NotificationSink[]
  now?(): Date
}

/** Notifies users of messages: reads each channel's log from a stored cursor, in the background and on one node.
 * The notifications of a message are stored in the commit that moves the cursor past it, so none is lost or stored twice,
 * whenever the process ends. Two notifiers may meet for a moment: only one of them moves a cursor from where it was.
 */
export class Notifier {
  readonly #services: NotifierServices
  readonly #sinks: readonly NotificationSink[]
  readonly #now: () => Date
  /** Channels with changes to look at; those that have waited longest come first. */
  #behind = new Set<string>()
  /** Cursors that are not stored yet, of logs whose last changes have no recipients. */
  readonly #ahead = new Map<string, { from: number; to: number }>()
  #isStarted = false
  #working: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #storing: ReturnType<typeof setTimeout> | undefined
  #polling: ReturnType<typeof setInterval> | undefined

  constructor(
    services: NotifierServices,
    { sinks = notificationSinks, now = () => new Date() }: NotifierOptions = {},
  ) {
    this.#services = services
    this.#sinks = sinks
    this.#now = now
  }

  async start(): Promise<void> {
    this.#isStarted = true
    this.#polling = setInterval(() => this.#pollAgain(), pollMs)
    this.#polling.unref()
    await this.wake()
  }

  /** Polls for changes whose announcement was lost. */
  async wake(): Promise<void> {
    const { db, commits } = this.#services
    if (!(await hasBegun(db))) await commits.decide((tx) => beginAtHeads(tx))
    for (const channelId of await listUnnotified(db)) this.#behind.add(channelId)
    this.#workLater()
  }

  onChange(channelId: string): void {
    this.#behind.add(channelId)
    this.#workLater()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
    clearTimeout(this.#storing)
    clearInterval(this.#polling)
    this.#timer = this.#storing = undefined
    // Changes without recipients may be read again.
    this.#ahead.clear()
  }

  /** Processes all known changes, and stores the cursors. */
  async settle(): Promise<void> {
    while (this.#behind.size > 0 || this.#working) await this.#work()
    await this.#store()
  }

  #pollAgain(): void {
    this.wake().catch((error) => this.#services.report(error, "the notifier"))
  }

  #workLater(ms = debounceMs): void {
    if (!this.#isStarted || this.#timer || this.#behind.size === 0) return

    this.#timer = setTimeout(() => void this.#turn(), ms)
    this.#timer.unref()
  }

  async #turn(): Promise<void> {
    const startedAt = performance.now()
    // The next poll retries a failure; at once it would likely fail again.
    await this.#work().catch((error) => this.#services.report(error, "the notifier"))
    this.#timer = undefined
    this.#workLater(Math.max(debounceMs, (performance.now() - startedAt) * pauseFactor))
  }

  /** Looks at each log that has changes, once. Concurrent calls share it. */
  #work(): Promise<void> {
    this.#working ??= this.#workOnce().finally(() => {
      this.#working = undefined
    })
    return this.#working
  }

  async #workOnce(): Promise<void> {
    const asked = this.#behind
    this.#behind = new Set()
    for (const channelId of asked) if (await this.#lookAt(channelId)) this.#behind.add(channelId)
  }

  /** Notifies of the next changes of a log; `true` when there are more. */
  async #lookAt(channelId: string): Promise<boolean> {
    const { db } = this.#services
    const stored = await findLog(db, channelId)
    const log = stored && this.#asLookedAt(stored)
    if (!log || log.head <= log.cursor) return false

    const [now, listeners] = [this.#now(), await listListeners(db, log)]
    const withPlain = log.hasKeywords || listeners.length > 0
    const changes = await listLogChanges(db, channelId, { after: log.cursor, withPlain, limit: batchSize })
    const isAll = changes.length < batchSize
    const last = changes.at(-1)?.seq ?? 0
    const to = isAll ? Math.max(log.head, last) : last
    const named = await findCandidates(db, log, { changes, listeners, now })
    if (named.length === 0) this.#moveLater(log, to)
    else await this.#tell(log, { named, to, now })
    return !isAll
  }

  /** With the cursor where this notifier has it, unless somebody else moved the stored one. */
  #asLookedAt(log: NotifiedLog): NotifiedLog {
    const ahead = this.#ahead.get(log.channelId)
    if (ahead?.from === log.cursor) return { ...log, cursor: ahead.to }

    this.#ahead.delete(log.channelId)
    return log
  }

  async #tell(
    log: NotifiedLog,
    { named, to, now }: { named: Awaited<ReturnType<typeof findCandidates>>; to: number; now: Date },
  ): Promise<void> {
    const { commits, clocks, server } = this.#services
    const from = this.#ahead.get(log.channelId)?.from ?? log.cursor
    const told = await commits.note("unread", async (tx) => {
      // First: on Postgres it locks the row, and another notifier waits here.
      if (!(await advanceCursor(tx, log.channelId, from, to))) return []

      const notices = await decideNotices(tx, { clocks, place: log, named, now })
      if (notices.length > 0) for (const sink of this.#sinks) await sink(tx, notices)
      return notices
    })
    this.#ahead.delete(log.channelId)
    const changed = new Set(told.map(({ userId }) => resource.inbox(userId)))
    if (changed.size > 0) await server.updateResources([...changed])
  }

  #moveLater({ channelId, cursor }: NotifiedLog, to: number): void {
    const from = this.#ahead.get(channelId)?.from ?? cursor
    this.#ahead.set(channelId, { from, to })
    if (!this.#isStarted || this.#storing) return

    this.#storing = setTimeout(() => {
      this.#storing = undefined
      this.#store().catch((error) => this.#services.report(error, "the notifier"))
    }, storeLaterMs)
    this.#storing.unref()
  }

  /** Stores the cursors of logs whose last changes have no recipients. */
  async #store(): Promise<void> {
    const ahead = [...this.#ahead]
    if (ahead.length === 0) return

    await this.#services.commits.note("nothing", async (tx) => {
      for (const [channelId, { from, to }] of ahead) await advanceCursor(tx, channelId, from, to)
    })
    for (const [channelId, moved] of ahead)
      if (this.#ahead.get(channelId) === moved) this.#ahead.delete(channelId)
  }
}

/** Notifies users of messages, on the node that has the duty. */
export const notifier = defineWorker((services: NotifierServices) => new Notifier(services))
