import type { ChannelFault } from "../result.ts"
import { ChannelFaultError, type Gap, GapError } from "./errors.ts"
import { notNow } from "./message-callbacks.ts"

/** Most messages that wait in a stream. */
const maxBuffered = 1000

/** What a stream reads from. */
interface StreamSource<Message> {
  subscribe(
    callback: (message: Message) => unknown,
    hooks: { onGap(gap: Gap): void; onEnd(reason?: ChannelFault): void },
  ): Promise<() => void>
  /** Requests the messages that the stream refused with `notNow`. */
  catchUp(): Promise<void>
  /** The channel is a log, so messages can be requested again. */
  isLog: boolean
}

type StreamItem<Message> = { message: Message } | { gap: Gap }

/**
 * A channel's messages as an async iterator. It subscribes at once. At most a thousand messages wait for a slow loop:
 * of a log the rest is read again later; of any other channel the oldest are dropped. The loop ends when it is left
 * or the client disconnects. It throws a `ChannelFaultError` when the sidekick ends the connection, and a `GapError`
 * for a gap without `onGap`.
 */
export class MessageStream<Message> implements AsyncIterableIterator<Message> {
  /** Resolves once it is subscribed. Rejects with what the loop will throw. */
  readonly ready: Promise<void>
  readonly #source: StreamSource<Message>
  readonly #onGap: ((gap: Gap) => unknown) | undefined
  readonly #items: StreamItem<Message>[] = []
  readonly #waiting: (() => void)[] = []
  readonly #subscribed: Promise<() => void>
  #isBehind = false
  #isOver = false
  #failure: unknown

  /** What `onGap` returns is awaited before the next message. */
  constructor(source: StreamSource<Message>, onGap: ((gap: Gap) => unknown) | undefined) {
    this.#source = source
    this.#onGap = onGap
    this.#subscribed = source.subscribe((message) => this.#receive(message), {
      onGap: (gap) => this.#push({ gap }),
      onEnd: (reason) => this.#end(reason && new ChannelFaultError(reason)),
    })
    this.ready = this.#subscribed.then(() => {})
    this.ready.catch((error) => this.#end(error))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Message, undefined>> {
    for (;;) {
      const item = this.#items.shift()
      if (item && "message" in item) return { done: false, value: item.message }
      if (item) await this.#handleGap(item.gap)
      else if (this.#failure !== undefined) throw this.#failure
      else if (this.#isOver) return { done: true, value: undefined }
      else await this.#more()
    }
  }

  /** Ends the stream. The connection is closed when it has no other callbacks. */
  async return(): Promise<IteratorResult<Message, undefined>> {
    this.#items.length = 0
    this.#end()
    // A failed subscription has nothing to end.
    const unsubscribe = await this.#subscribed.catch(() => undefined)
    unsubscribe?.()

    return { done: true, value: undefined }
  }

  #receive(message: Message): unknown {
    if (this.#isOver) return undefined
    if (this.#items.length >= maxBuffered) {
      this.#isBehind = this.#source.isLog
      if (this.#isBehind) return notNow
      this.#items.shift()
    }
    this.#push({ message })

    return undefined
  }

  #push(item: StreamItem<Message>): void {
    this.#items.push(item)
    this.#wake()
  }

  async #more(): Promise<void> {
    if (this.#isBehind) {
      this.#isBehind = false
      await this.#source.catchUp()
      return
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async #handleGap(gap: Gap): Promise<void> {
    if (this.#onGap) await this.#onGap(gap)
    else {
      void this.return()
      throw new GapError(gap)
    }
  }

  #end(failure?: unknown): void {
    this.#isOver = true
    this.#failure ??= failure
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
