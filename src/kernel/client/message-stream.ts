import { ChannelFaultError } from "../requests.ts"
import type { ChannelFault } from "../result.ts"
import { type Gap, notNow } from "../sidekick/subscriptions.ts"

/** Messages that may wait to be taken. */
const maxBuffered = 1000

/** Too much was missed to be told one by one, and nobody was there to read it anew. */
export class GapError extends Error implements Gap {
  override readonly name = "GapError"

  constructor(
    readonly after: number | undefined,
    readonly seq: number,
  ) {
    super(`The changes after ${after ?? "the beginning"} up to ${seq} were too many: read them anew (onGap)`)
  }
}

/** Where a stream's messages come from. */
interface Source<Message> {
  subscribe(
    hear: (message: Message) => unknown,
    hooks: { onGap(gap: Gap): void; onEnd(reason?: ChannelFault): void },
  ): Promise<() => void>
  /** Asks for what could not be taken. */
  catchUp(): Promise<void>
  /** Messages that are not heard can be asked for again. */
  isLog: boolean
}

type Item<Message> = { message: Message } | { gap: Gap }

/**
 * A channel's messages as something to loop over. It subscribes at once (`ready`). Whoever takes them slowly has at
 * most a thousand waiting: of a log the rest is read again when they have been taken, of anything else the oldest are
 * dropped. The loop ends when it is left or the client disconnects, and throws when the connection was ended from the
 * other side: a `ChannelFaultError` that says why.
 */
export class MessageStream<Message> implements AsyncIterableIterator<Message> {
  private readonly items: Item<Message>[] = []
  private readonly waiting: (() => void)[] = []
  private readonly subscribed: Promise<() => void>
  /** Resolves once it is subscribed and so hears everything; rejects as the loop will throw. */
  readonly ready: Promise<void>
  private isBehind = false
  private isOver = false
  private failure: unknown

  constructor(
    private readonly source: Source<Message>,
    private readonly onGap: ((gap: Gap) => unknown) | undefined,
  ) {
    this.subscribed = source.subscribe((message) => this.take(message), {
      onGap: (gap) => this.push({ gap }),
      onEnd: (reason) => this.end(reason && new ChannelFaultError(reason)),
    })
    this.ready = this.subscribed.then(() => {})
    this.ready.catch((error) => this.end(error))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Message, undefined>> {
    for (;;) {
      const item = this.items.shift()
      if (item && "message" in item) return { done: false, value: item.message }
      if (item) await this.tell(item.gap)
      else if (this.failure !== undefined) throw this.failure
      else if (this.isOver) return { done: true, value: undefined }
      else await this.more()
    }
  }

  /** Ends it: the connection is closed when nothing else is heard on it. */
  async return(): Promise<IteratorResult<Message, undefined>> {
    this.items.length = 0
    this.end()
    // Whether it could be subscribed does not matter any more.
    const off = await this.subscribed.catch(() => undefined)
    off?.()

    return { done: true, value: undefined }
  }

  private take(message: Message): unknown {
    if (this.isOver) return undefined
    if (this.items.length >= maxBuffered) {
      this.isBehind = this.source.isLog
      if (this.isBehind) return notNow
      this.items.shift()
    }
    this.push({ message })

    return undefined
  }

  private push(item: Item<Message>): void {
    this.items.push(item)
    this.wake()
  }

  private async more(): Promise<void> {
    if (this.isBehind) {
      this.isBehind = false
      await this.source.catchUp()
      return
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  private async tell(gap: Gap): Promise<void> {
    if (this.onGap) await this.onGap(gap)
    else {
      void this.return()
      throw new GapError(gap.after, gap.seq)
    }
  }

  private end(failure?: unknown): void {
    this.isOver = true
    this.failure ??= failure
    this.wake()
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
