import type { Commits, Db } from "../../db/database.ts"
import type { PublicFetch } from "../../web/public-fetch.ts"
import { listChanges } from "../messages/store.ts"
import { mayStill } from "../permissions/absent.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { deliverToWebhook } from "./delivery.ts"
import {
  disableOutgoing,
  findOutgoing,
  listActiveOutgoing,
  type OutgoingHook,
  updateDelivered,
  updateFailed,
} from "./outgoing-store.ts"

/** Failures of one delivery after which the webhook is disabled: about a day with the backoff below. */
const maxFailures = 34

/** Changes delivered in one turn, so that a webhook with a long backlog does not block others. */
const batchSize = 20

/** Concurrent deliveries of all webhooks together. */
const maxConcurrent = 8

interface DeliveryServices {
  db: Db
  commits: Commits
  workers: Pick<Workers, "isOnDuty" | "wake">
  outside: {
    fetcher: PublicFetch
    /** The wait after that number of consecutive failures. Default: exponential backoff. */
    waitMs?(failures: number): number
  }
  report(error: unknown, where: string): unknown
}

/**
 * Delivers the changes of channels to outgoing webhooks. The channel's log is the queue and a hook's `deliveredSeq` is
 * its cursor: sending a message only wakes this worker, and a restart continues at the cursor. Deliveries happen at
 * least once; a repeated one has the same id.
 */
export class WebhookDeliveries {
  /** Ids of active hooks by channel id. */
  readonly #hooks = new Map<string, Set<string>>()
  /** Hooks that are queued or being delivered. */
  readonly #busy = new Set<string>()
  /** Busy hooks that have more to deliver afterwards. */
  readonly #wokenWhileBusy = new Set<string>()
  /** Timers of hooks that wait for a retry. */
  readonly #retryTimers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #queue: string[] = []
  #isClosed = false

  constructor(private readonly services: DeliveryServices) {}

  /** Delivers what a previous process left. */
  async start(): Promise<void> {
    this.#isClosed = false
    await this.wake()
  }

  stop(): void {
    this.close()
    this.#hooks.clear()
  }

  /** Delivers to hooks that were created, or written for, without this process hearing of it. */
  async wake(): Promise<void> {
    for (const { id, channelId } of await listActiveOutgoing(this.services.db)) {
      this.#begin(id, channelId)
    }
  }

  onChange(channelId: string): void {
    for (const id of this.#hooks.get(channelId) ?? []) this.#wake(id)
  }

  /** Starts the deliveries of a new hook, or retries now. */
  startHook(id: string, channelId: string): void {
    if (this.services.workers.isOnDuty) this.#begin(id, channelId)
    else this.services.workers.wake()
  }

  /** Stops the deliveries of a hook. */
  stopHook(id: string, channelId: string): void {
    clearTimeout(this.#retryTimers.get(id))
    this.#retryTimers.delete(id)
    const hooks = this.#hooks.get(channelId)
    hooks?.delete(id)
    if (hooks?.size === 0) this.#hooks.delete(channelId)
  }

  close(): void {
    this.#isClosed = true
    for (const timer of this.#retryTimers.values()) clearTimeout(timer)
    this.#retryTimers.clear()
    this.#queue.length = 0
  }

  /** A hook that waits for a retry is looked at as well: its next try may have been moved. */
  #begin(id: string, channelId: string): void {
    clearTimeout(this.#retryTimers.get(id))
    this.#retryTimers.delete(id)
    this.#register(id, channelId)
    this.#wake(id)
  }

  #register(id: string, channelId: string): void {
    const hooks = this.#hooks.get(channelId) ?? new Set()
    this.#hooks.set(channelId, hooks.add(id))
  }

  /** Does nothing for a hook that waits for a retry: new changes must follow the failed one. */
  #wake(id: string): void {
    if (this.#isClosed || this.#retryTimers.has(id)) return
    if (this.#busy.has(id)) return void this.#wokenWhileBusy.add(id)

    this.#busy.add(id)
    this.#queue.push(id)
    this.#startNext()
  }

  #startNext(): void {
    if (this.#busy.size - this.#queue.length >= maxConcurrent) return
    const id = this.#queue.shift()
    if (id === undefined) return

    this.#deliverBatch(id)
      .catch((error) => {
        this.services.report(error, "delivering an outgoing webhook")
        this.#retryLater(id, this.#waitMs(1))
      })
      .finally(() => {
        this.#busy.delete(id)
        if (this.#wokenWhileBusy.delete(id)) this.#wake(id)
        this.#startNext()
      })
  }

  /** Delivers the next changes, oldest first, until there are none or a delivery fails. */
  async #deliverBatch(id: string): Promise<void> {
    const { db, commits, outside } = this.services
    const hook = await findOutgoing(db, id)
    if (!hook || hook.disabledAt) return

    const dueMs = (hook.nextTryAt?.getTime() ?? 0) - Date.now()
    if (dueMs > 0) return this.#retryLater(id, dueMs)

    const changes = await listChanges(db, hook.channelId, hook.deliveredSeq, batchSize)
    for (const message of changes) {
      if (this.#isClosed) return
      const paused = await this.#pauseReason(hook)
      if (paused) return this.#disable(hook, paused)
      const outcome = await deliverToWebhook(outside.fetcher, hook, message)
      if (this.#isClosed) return
      if (!outcome.isAccepted) return this.#recordFailure({ ...hook, failures: hook.failures + 1 }, outcome)

      Object.assign(hook, { deliveredSeq: message.seq, failures: 0 })
      const isActive = await commits.note("nothing", (tx) =>
        updateDelivered(tx, id, message.seq, outcome.status),
      )
      if (!isActive) return
    }
    if (changes.length === batchSize) this.#wokenWhileBusy.add(id)
  }

  async #recordFailure(
    { id, channelId, failures }: { id: string; channelId: string; failures: number },
    { status, retryAfterMs, isGone }: { status: string; retryAfterMs?: number; isGone?: boolean },
  ): Promise<void> {
    const { commits } = this.services
    if (isGone || failures >= maxFailures) return this.#disable({ id, channelId, failures }, status)

    const waitMs = Math.max(this.#waitMs(failures), retryAfterMs ?? 0)
    const nextTryAt = new Date(Date.now() + waitMs)
    await commits.note("nothing", (tx) => updateFailed(tx, id, { failures, status, nextTryAt }))
    this.#retryLater(id, waitMs)
  }

  /** Why a webhook gets nothing more: it sees what its creator may see, and no more. */
  async #pauseReason({ createdBy, channelId }: OutgoingHook): Promise<string | undefined> {
    const may = await mayStill(this.services.db, { userId: createdBy, channelId, action: "manageWebhooks" })
    return may ? undefined : "its creator may no longer manage webhooks here. Retry to take it over"
  }

  async #disable(
    { id, channelId, failures }: Pick<OutgoingHook, "id" | "channelId" | "failures">,
    status: string,
  ): Promise<void> {
    const disabled = { failures, status, at: new Date() }
    await this.services.commits.note("nothing", (tx) => disableOutgoing(tx, id, disabled))
    this.stopHook(id, channelId)
  }

  #retryLater(id: string, ms: number): void {
    if (this.#isClosed) return

    clearTimeout(this.#retryTimers.get(id))
    const timer = setTimeout(() => {
      this.#retryTimers.delete(id)
      this.#wake(id)
    }, ms)
    this.#retryTimers.set(id, timer)
  }

  #waitMs(failures: number): number {
    return (this.services.outside.waitMs ?? backoffMs)(failures)
  }
}

/** 5 s, 10 s … up to an hour, plus up to 50 % jitter so that many hooks do not retry at the same time. */
function backoffMs(failures: number): number {
  const ms = Math.min(5000 * 2 ** (failures - 1), 3_600_000)
  return ms * (1 + Math.random() / 2)
}

export const webhookDeliveries = defineWorker((services: DeliveryServices) => new WebhookDeliveries(services))
