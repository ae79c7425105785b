/** Most items and characters that may wait. Beyond that the sidekick is too slow to catch up in useful time. */
const maxWaiting = 10_000
const maxWaitingLength = 8 * 1024 * 1024
/** Most items and characters of one batch. A longer item is sent alone. */
const maxBatch = 500
const maxBatchLength = 512 * 1024

/** Delay of the first retry; it doubles with each failure up to the last. In milliseconds. */
const firstRetryMs = 250
const maxRetryMs = 5000

/** One post. */
export interface OutboxItem {
  /** Which kind of post it is, such as `/message`. */
  path: string
  /** In ION. */
  body: string
  /** Its place among everything that was ever to be sent, for senders that tell how far they are. */
  place?: number
  /** Called with `null` once it arrived, or with why not. An item without `settle` counts as lost when discarded. */
  settle?(failure: Error | null): void
}

interface OutboxOptions {
  /** Sends a batch; resolves with `null` once it arrived, or with why not. Never rejects. */
  send(items: OutboxItem[], number: number): Promise<Error | null>
  /** The sidekick became unreachable; it is retried until `onUp`. */
  onDown(failure: Error): void
  /** The sidekick is reachable again; `lost` items were discarded meanwhile. */
  onUp(lost: number): void
  /** The sidekick is reachable but too slow; `lost` items were discarded. */
  onOverflow(lost: number): void
  /** Awaited before each batch is taken, so that more can join it. */
  gather?(): Promise<void>
  /** Longest delay between retries, in milliseconds. */
  maxRetryMs?: number
}

/** Whether losing an item must show as a skipped batch number. If someone waits for it, they are told instead. */
const isNumbered = ({ settle }: OutboxItem) => settle === undefined

/**
 * Queues posts for a sidekick and sends them in order, in batches: while one is under way the next one fills. Adding
 * never blocks, whatever state the sidekick is in. When a batch fails or the queue overflows, everything queued is
 * discarded and the next batch skips a number, so the sidekick sees the gap. Announcements are hints; losing them
 * costs the clients a reconnect.
 */
export class Outbox {
  readonly #options: OutboxOptions
  #waiting: OutboxItem[] = []
  #waitingLength = 0
  #number = 0
  #lost = 0
  #lostBeforeDown = 0
  #sending: Promise<void> | null = null
  #wasReached = false
  /** 0 while the sidekick is up or was never tried. */
  #retryMs = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** How many items were discarded since the start; those with `settle` do not count. */
  get lost(): number {
    return this.#lost
  }

  /** Whether the last batch arrived. */
  get isUp(): boolean {
    return this.#wasReached && !this.#isDown
  }

  /** Queues an item. Fails it at once while the sidekick is down. */
  add(item: OutboxItem): void {
    // During a retry, items that nobody waits for are kept: if the retry succeeds, they are not lost.
    const isKeptForRetry = this.#isDown && this.#sending && isNumbered(item)
    if (this.#isClosed || (this.#isDown && !isKeptForRetry)) {
      this.#discard([item], new Error("The sidekick cannot be reached"))
      return
    }

    this.#waiting.push(item)
    this.#waitingLength += item.body.length
    if (this.#waiting.length > maxWaiting || this.#waitingLength > maxWaitingLength) {
      this.#options.onOverflow(this.#waiting.length)
      this.#discardWaiting(new Error("The sidekick is too slow"))
    } else this.#sending ??= this.#sendAll()
  }

  /** Resolves with `null` once everything added so far has arrived, or with why it has not. */
  async flush(): Promise<Error | null> {
    if (!this.#sending && !this.#isDown) return null

    // An empty post at the end of the queue: it arrives after everything else.
    return new Promise((settle) => this.add({ path: "/resources", body: '{"resources":[]}', settle }))
  }

  /** Sends what waits; with an empty queue it sends an empty batch. Does nothing while the sidekick is down. */
  heartbeat(): void {
    if (!this.#isClosed && !this.#isDown) this.#sending ??= this.#sendAll()
  }

  /** Retries at once if it is down; call it when something says that the other side is back. */
  retry(): void {
    if (this.#isClosed || !this.#isDown) return
    clearTimeout(this.#retryTimer)
    this.#sending ??= this.#sendAll()
  }

  /** Sends what waits, then refuses new items. Resolves with the last batch's number, or `null` when it failed. */
  async close(): Promise<number | null> {
    while (this.#sending) await this.#sending
    this.#isClosed = true
    clearTimeout(this.#retryTimer)
    return this.#isDown ? null : this.#number
  }

  get #isDown(): boolean {
    return this.#retryMs > 0
  }

  async #sendAll(): Promise<void> {
    const { gather } = this.#options
    do {
      if (gather) await gather()
      const items = this.#takeBatch()
      if (items.some(isNumbered)) this.#number++
      const failure = await this.#options.send(items, this.#number)
      if (failure) this.#onFailure(items, failure)
      else this.#onArrival(items)
    } while (this.#waiting.length > 0)
    this.#sending = null
  }

  #takeBatch(): OutboxItem[] {
    let count = 0
    let length = 0
    for (const { body } of this.#waiting) {
      if (count > 0 && (count >= maxBatch || length + body.length > maxBatchLength)) break
      count++
      length += body.length
    }
    this.#waitingLength -= length
    return this.#waiting.splice(0, count)
  }

  #onArrival(items: OutboxItem[]): void {
    if (this.#isDown) this.#options.onUp(this.#lost - this.#lostBeforeDown)
    this.#wasReached = true
    this.#retryMs = 0
    for (const { settle } of items) settle?.(null)
  }

  #onFailure(items: OutboxItem[], failure: Error): void {
    if (!this.#isDown) {
      this.#lostBeforeDown = this.#lost
      this.#options.onDown(failure)
    }
    this.#retryMs = Math.min(this.#options.maxRetryMs ?? maxRetryMs, this.#retryMs * 2 || firstRetryMs)
    this.#waiting.unshift(...items)
    this.#discardWaiting(failure)
    if (this.#isClosed) return

    this.#retryTimer = setTimeout(() => {
      this.#sending ??= this.#sendAll()
    }, this.#retryMs)
    this.#retryTimer.unref()
  }

  #discardWaiting(failure: Error): void {
    const items = this.#waiting
    this.#waiting = []
    this.#waitingLength = 0
    this.#discard(items, failure)
  }

  #discard(items: OutboxItem[], failure: Error): void {
    const lost = items.filter(isNumbered).length
    if (lost > 0) this.#number++
    this.#lost += lost
    for (const { settle } of items) settle?.(failure)
  }
}
