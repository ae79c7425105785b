/** Most that may wait to be sent: in posts, and in characters. What is more was not going to arrive in time. */
const maxWaiting = 10_000
const maxWaitingLength = 8 * 1024 * 1024
/** Most that is sent at once. One post that is longer is sent alone. */
const maxBatch = 500
const maxBatchLength = 512 * 1024

/** Where the next try comes after a failure, in milliseconds: twice as late each time. */
const firstRetryMs = 250
const lastRetryMs = 5000

/** One thing to say to a sidekick, in ION. */
export interface Letter {
  path: "/connection" | "/message" | "/resources" | "/evict"
  body: string
  /** Somebody waits to hear whether it arrived, and gives up when not. Without it, it is a loss. */
  settle?(failure: Error | null): void
}

interface Options {
  /** Sends; resolves with what kept it from arriving. `number` counts batches and losses. Never rejects. */
  send(letters: Letter[], number: number): Promise<Error | null>
  /** It cannot be reached from now on, until `onUp`. */
  onDown(failure: Error): void
  /** It is reached again; so many losses lie between. */
  onUp(lost: number): void
  /** It is reached, but too slow for what there is to say: so much was given up. */
  onOverflow(lost: number): void
}

/** Its loss matters, and shows as a number that is skipped. What somebody waits for is answered instead. */
const counts = ({ settle }: Letter) => settle === undefined

/**
 * What waits to be sent to a sidekick, in order. Adding takes no time, whatever state the sidekick is in: while one
 * batch is under way the next gathers. When one does not arrive, or too much waits, all of it is given up; the number
 * of the next batch then shows that something was lost. Messages are hints, so that costs no more than a reconnect.
 */
export class Outbox {
  #waiting: Letter[] = []
  #length = 0
  #number = 0
  #lost = 0
  #lostBefore = 0
  #sending: Promise<void> | null = null
  #wasReached = false
  #retryMs = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(private readonly options: Options) {}

  /** Letters that were given up, ever. */
  get lost(): number {
    return this.#lost
  }

  get isDown(): boolean {
    return this.#retryMs > 0
  }

  /** It was reached when that was last tried. */
  get isUp(): boolean {
    return this.#wasReached && !this.isDown
  }

  add(letter: Letter): void {
    // While it is being tried whether the sidekick is back, what nobody waits for is kept for the outcome.
    const waitsForTrial = this.isDown && this.#sending && counts(letter)
    if (this.#closed || (this.isDown && !waitsForTrial)) {
      this.#drop([letter], new Error("The sidekick cannot be reached"))
      return
    }

    this.#waiting.push(letter)
    this.#length += letter.body.length
    if (this.#waiting.length > maxWaiting || this.#length > maxWaitingLength) {
      this.options.onOverflow(this.#waiting.length)
      this.#giveUp(new Error("The sidekick is too slow"))
    } else this.#sending ??= this.#sendAll()
  }

  /** Resolves once all that was added before has arrived, or with what kept it from that. */
  async arrived(): Promise<Error | null> {
    if (!this.#sending && !this.isDown) return null

    // Says nothing, and comes in last.
    return new Promise((settle) => this.add({ path: "/resources", body: '{"resources":[]}', settle }))
  }

  /** Sends what waits, or, when nothing does, a batch without letters. */
  touch(): void {
    if (!this.#closed && !this.isDown) this.#sending ??= this.#sendAll()
  }

  /** Sends what waits and then nothing more. Resolves with the number of the last batch, or `null` after a failure. */
  async close(): Promise<number | null> {
    while (this.#sending) await this.#sending
    this.#closed = true
    clearTimeout(this.#retry)
    return this.isDown ? null : this.#number
  }

  async #sendAll(): Promise<void> {
    do {
      const letters = this.#take()
      if (letters.some(counts)) this.#number++
      const failure = await this.options.send(letters, this.#number)
      if (failure) this.#failed(letters, failure)
      else this.#arrived(letters)
    } while (this.#waiting.length > 0)
    this.#sending = null
  }

  #take(): Letter[] {
    let count = 0
    let length = 0
    for (const { body } of this.#waiting) {
      if (count > 0 && (count >= maxBatch || length + body.length > maxBatchLength)) break
      count++
      length += body.length
    }
    this.#length -= length
    return this.#waiting.splice(0, count)
  }

  #arrived(letters: Letter[]): void {
    if (this.isDown) this.options.onUp(this.#lost - this.#lostBefore)
    this.#wasReached = true
    this.#retryMs = 0
    for (const { settle } of letters) settle?.(null)
  }

  #failed(letters: Letter[], failure: Error): void {
    if (!this.isDown) {
      this.#lostBefore = this.#lost
      this.options.onDown(failure)
    }
    this.#retryMs = Math.min(lastRetryMs, this.#retryMs * 2 || firstRetryMs)
    this.#waiting.unshift(...letters)
    this.#giveUp(failure)
    if (this.#closed) return

    this.#retry = setTimeout(() => {
      this.#sending ??= this.#sendAll()
    }, this.#retryMs)
    this.#retry.unref()
  }

  #giveUp(failure: Error): void {
    const letters = this.#waiting
    this.#waiting = []
    this.#length = 0
    this.#drop(letters, failure)
  }

  #drop(letters: Letter[], failure: Error): void {
    const losses = letters.filter(counts).length
    if (losses > 0) this.#number++
    this.#lost += losses
    for (const { settle } of letters) settle?.(failure)
  }
}
