import type { Commits } from "../../db/commits.ts"
import type { Db } from "../../db/open.ts"
import type { PublicFetch } from "../../web/public-fetch.ts"
import type { Message } from "../messages/contract.ts"
import { listChanges } from "../messages/store.ts"
import { defineWorker } from "../worker.ts"
import { deliver } from "./delivery.ts"
import {
  disableOutgoing,
  findOutgoing,
  listActiveOutgoing,
  updateDelivered,
  updateFailed,
} from "./outgoing-store.ts"

/** Failures of one delivery after which it is given up. With the waits below: after about a day. */
const maxFailures = 34

/** Changes read at once; then others take their turn. */
const batchSize = 20

/** Deliveries under way at the same time, to everywhere together. */
const maxAtOnce = 8

interface Options {
  db: Db
  commits: Commits
  outside: {
    fetcher: PublicFetch
    /** How long to wait after so many failures in a row. */
    waitMs?(failures: number): number
  }
  report(error: unknown, where: string): unknown
}

/**
 * Tells addresses out there what happens in channels. The log is what is to be told and a hook's `deliveredSeq` how far
 * it was: sending a message does no more than wake this up, a restart goes on where it was, and what is told twice has
 * the same number twice.
 */
export class WebhookDeliveries {
  /** Those that are on, by their channel. */
  readonly #hooks = new Map<string, Set<string>>()
  readonly #busy = new Set<string>()
  /** Woken while they were busy. */
  readonly #again = new Set<string>()
  /** Waiting for their next try. */
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #queue: string[] = []
  #isClosed = false

  constructor(private readonly options: Options) {
    for (const { id, channelId } of listActiveOutgoing(options.db)) this.#list(id, channelId)
    // What was not told before the last end.
    setImmediate(() => {
      for (const ids of this.#hooks.values()) for (const id of ids) this.#wake(id)
    })
  }

  onAnnounced({ channelId }: Message): void {
    for (const id of this.#hooks.get(channelId) ?? []) this.#wake(id)
  }

  /** A hook is new, or is to try again now. */
  add(id: string, channelId: string): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.#list(id, channelId)
    this.#wake(id)
  }

  remove(id: string, channelId: string): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    const hooks = this.#hooks.get(channelId)
    hooks?.delete(id)
    if (hooks?.size === 0) this.#hooks.delete(channelId)
  }

  close(): void {
    this.#isClosed = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#queue.length = 0
  }

  #list(id: string, channelId: string): void {
    const hooks = this.#hooks.get(channelId) ?? new Set()
    this.#hooks.set(channelId, hooks.add(id))
  }

  /** Not one that waits for its next try: what is new waits with what failed, or the order would be lost. */
  #wake(id: string): void {
    if (this.#isClosed || this.#timers.has(id)) return
    if (this.#busy.has(id)) return void this.#again.add(id)

    this.#busy.add(id)
    this.#queue.push(id)
    this.#next()
  }

  #next(): void {
    if (this.#busy.size - this.#queue.length >= maxAtOnce) return
    const id = this.#queue.shift()
    if (id === undefined) return

    this.#work(id)
      .catch((error) => {
        this.options.report(error, "an outgoing webhook")
        this.#later(id, this.#waitMs(1))
      })
      .finally(() => {
        this.#busy.delete(id)
        if (this.#again.delete(id)) this.#wake(id)
        this.#next()
      })
  }

  /** Tells the next few changes, oldest first, until there are none or one cannot be told. */
  async #work(id: string): Promise<void> {
    const { db, commits, outside } = this.options
    const hook = findOutgoing(db, id)
    if (!hook || hook.disabledAt) return

    const dueMs = (hook.nextTryAt?.getTime() ?? 0) - Date.now()
    if (dueMs > 0) return this.#later(id, dueMs)

    const changes = await listChanges(db, hook.channelId, hook.deliveredSeq, batchSize)
    for (const message of changes) {
      if (this.#isClosed) return
      const outcome = await deliver(outside.fetcher, hook, message)
      if (this.#isClosed) return
      if (!outcome.isTaken) return this.#failed({ ...hook, failures: hook.failures + 1 }, outcome)

      Object.assign(hook, { deliveredSeq: message.seq, failures: 0 })
      const isOn = await commits.run(() => updateDelivered(db, id, message.seq, outcome.status))
      if (!isOn) return
    }
    if (changes.length === batchSize) this.#again.add(id)
  }

  async #failed(
    { id, channelId, failures }: { id: string; channelId: string; failures: number },
    { status, retryAfterMs, isGone }: { status: string; retryAfterMs?: number; isGone?: boolean },
  ): Promise<void> {
    const { db, commits } = this.options
    if (isGone || failures >= maxFailures) {
      await commits.run(() => disableOutgoing(db, id, { failures, status, at: new Date() }))
      return this.remove(id, channelId)
    }

    const waitMs = Math.max(this.#waitMs(failures), retryAfterMs ?? 0)
    const nextTryAt = new Date(Date.now() + waitMs)
    await commits.run(() => updateFailed(db, id, { failures, status, nextTryAt }))
    this.#later(id, waitMs)
  }

  #later(id: string, ms: number): void {
    if (this.#isClosed) return

    clearTimeout(this.#timers.get(id))
    const timer = setTimeout(() => {
      this.#timers.delete(id)
      this.#wake(id)
    }, ms)
    this.#timers.set(id, timer)
  }

  #waitMs(failures: number): number {
    return (this.options.outside.waitMs ?? backoffMs)(failures)
  }
}

/** 5 s, 10 s … an hour, each up to half as long again, so that many do not come back at once. */
function backoffMs(failures: number): number {
  const ms = Math.min(5000 * 2 ** (failures - 1), 3_600_000)
  return ms * (1 + Math.random() / 2)
}

export const webhookDeliveries = defineWorker((services: Options) => new WebhookDeliveries(services))
