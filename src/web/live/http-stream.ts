import type { FeedReader } from "../../kernel/index.ts"
import { type Connect, type Ending, isEnding, type LiveSession, newest } from "./session.ts"
import type { StreamFormat, StreamGroup, StreamMember } from "./stream-group.ts"
import type { SideTopic, Subscriber } from "./subscriptions.ts"
import type { Update } from "./update.ts"

/**
 * Bytes that may wait for a slow reader before it is cut off; it comes back with its cursor. They wait in the
 * stream's queue: Bun takes from it only what the connection takes.
 */
const maxBacklogBytes = 512 * 1024
/** The stream's high water mark: Bun gathers nothing, since what comes here was gathered already. */
const highWaterMark = 1

/** How one kind of HTTP stream speaks. */
export interface HttpStreamKind {
  headers: Headers
  format: StreamFormat
  /** Does its reader get the user's side topics? */
  hasSideTopics: boolean
  /** What comes first, and the cursor that it brings the reader to, if it does. */
  begin(): Promise<{ text: string; cursor?: number }>
  /** What comes last when the reader's right to it ends. */
  end?(ending: Ending): string
}

/** What an HTTP stream needs. */
export interface HttpStreamOptions {
  connect: Connect
  cursor: number | undefined
  kind: HttpStreamKind
  report: (error: unknown) => void
  /** Called when it ends from this side, with bytes still to be sent: a reader must not take forever to read them. */
  onEnd: (isSlow: boolean) => void
}

/** Answers with a response that does not end until the reader leaves, or with why there is none. */
export async function openHttpStream(options: HttpStreamOptions): Promise<Response | Ending> {
  let stream: HttpStream | undefined
  let evicted: Ending | undefined
  const session = await options.connect({
    onEvict(ending) {
      evicted = ending
      stream?.end(ending)
    },
  })
  if (isEnding(session)) return session
  if (evicted) {
    session.close()
    return evicted
  }

  stream = new HttpStream(session, options)
  return new Response(stream.body(), { headers: options.kind.headers })
}

/** One HTTP stream: a session's updates as the body of a response. */
class HttpStream implements FeedReader<Update>, StreamMember, Subscriber {
  readonly format: StreamFormat
  readonly #session: LiveSession
  readonly #options: HttpStreamOptions
  /** Known once it is live. */
  #group: StreamGroup | undefined
  readonly #encoder = new TextEncoder()
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null
  #isEphemeralPaused = false
  /** What the response begins with, until it is written: with the first update or once it is live, so that it misses nothing from then on. */
  #beginning = ""

  constructor(session: LiveSession, options: HttpStreamOptions) {
    this.#session = session
    this.#options = options
    this.format = options.kind.format
  }

  body(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
          this.#begin().catch((error) => {
            this.#options.report(error)
            this.#finish()
          })
        },
        cancel: () => this.#leave(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark }),
    )
  }

  /** Ends it from this side, with the reason as its last text. */
  end(ending: Ending): void {
    this.#writeBeginning()
    this.#writeText(this.#options.kind.end?.(ending) ?? "")
    this.#finish()
    this.#options.onEnd(false)
  }

  deliver(updates: Update[]): void {
    this.#writeBeginning()
    this.#writeText(this.format.encode(updates))
  }

  goLive(): void {
    if (!this.#controller) return

    this.#writeBeginning()
    this.#group = this.#session.groupFor(this.format)
    this.#group.add(this)
    if (this.#options.kind.hasSideTopics) this.#session.subscriptions.addSubscriber(this)
  }

  write(chunk: Uint8Array): void {
    if (!this.#controller) return

    this.#controller.enqueue(chunk)
    if (this.#backlog >= maxBacklogBytes) {
      this.#finish()
      this.#options.onEnd(true)
    } else if (this.#isEphemeralPaused && !this.#isBehind) {
      this.#isEphemeralPaused = false
      this.#sendSnapshot().catch(this.#options.report)
    }
  }

  writeEphemeral(chunk: Uint8Array): void {
    if (this.#isBehind) this.#isEphemeralPaused = true
    else this.#controller?.enqueue(chunk)
  }

  subscribeTo({ events }: SideTopic): void {
    events.add(this)
  }

  unsubscribeFrom({ events }: SideTopic): void {
    events.delete(this)
  }

  sendOwn(update: Update): void {
    this.write(this.#encoder.encode(this.format.encode([update])))
  }

  get #backlog(): number {
    return highWaterMark - (this.#controller?.desiredSize ?? highWaterMark)
  }

  get #isBehind(): boolean {
    return this.#backlog > maxBacklogBytes / 2
  }

  async #begin(): Promise<void> {
    const { kind, cursor } = this.#options
    const start = await kind.begin()
    this.#beginning = start.text
    await this.#session.join(this, start.cursor ?? cursor ?? newest)
    await this.#sendSnapshot()
  }

  async #sendSnapshot(): Promise<void> {
    const snapshot = await this.#session.snapshot()
    this.deliver([...this.#session.listsChanged(), ...snapshot])
  }

  /** Without a check of the backlog: what was missed may be long, and the reader had no time to take it yet. */
  #writeText(text: string): void {
    if (text) this.#controller?.enqueue(this.#encoder.encode(text))
  }

  #writeBeginning(): void {
    const text = this.#beginning
    this.#beginning = ""
    this.#writeText(text)
  }

  #finish(): void {
    this.#writeBeginning()
    const controller = this.#controller
    this.#leave()
    controller?.close()
  }

  #leave(): void {
    if (!this.#controller) return

    this.#controller = null
    this.#group?.delete(this)
    this.#session.subscriptions.deleteSubscriber(this)
    this.#session.close()
  }
}
