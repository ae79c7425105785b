import type { FeedReader } from "../../kernel/index.ts"
import { closeCodeOf } from "../reply.ts"
import { FrameLimit } from "./frame-limit.ts"
import { encodeFrame } from "./frames.ts"
import {
  badFrame,
  type Ending,
  type Holder,
  isEnding,
  type LiveSession,
  newest,
  type OpenSession,
  tooManyFrames,
  tooSlow,
} from "./session.ts"
import type { Hearer, Side } from "./sides.ts"
import { toFrame, type Update } from "./update.ts"

/**
 * Limits of a socket. Bun pings in time; a socket without an answer for a minute is gone (NATs drop sooner).
 * A reader that does not read is cut off and comes back with its cursor, instead of growing our memory: by us with
 * 1013 (`isSlow`), and by Bun, which just drops the connection (1006), where we did not look in time.
 * Compression is off: it would be done again for each receiver.
 */
export const socketLimits = {
  maxPayloadLength: 16 * 1024,
  idleTimeout: 60,
  sendPings: true,
  backpressureLimit: 1024 * 1024,
  closeOnBackpressureLimit: true,
  perMessageDeflate: false,
} as const

/** Bytes that may wait for a slow reader. Between two looks as much again may come, three bytes a character. */
const maxBacklogBytes = 256 * 1024
/** With more than this waiting a reader does without presence and typing. Source: Mattermost, which sheds typing at half of its queue. */
const signsBacklogBytes = maxBacklogBytes / 2

/** Frames that may wait while a connection is being authorized. */
const maxWaiting = 32

/** What is used of Bun's `ServerWebSocket`. */
interface Socket {
  send(data: string): unknown
  /** What is sent meanwhile goes out in one write. */
  cork(sends: () => void): unknown
  close(code: number, reason: string): void
  subscribe(topic: string): void
  unsubscribe(topic: string): void
  getBufferedAmount(): number
}

const live = encodeFrame({ type: "live" })

/** Of most there is nothing most of the time: it need not be a list for each. */
const nothing: never[] = []

/** Does a socket not take what is sent to it? */
export function isSlow(socket: Pick<Socket, "getBufferedAmount">): boolean {
  return socket.getBufferedAmount() > maxBacklogBytes
}

/** Who wants in, and from where on. */
interface Visit {
  open: OpenSession
  /** From which change on; `null` when what was asked for is no number. */
  cursor: number | undefined | null
}

/** What all sockets of one kind share. */
interface Edge {
  /** Hold them to `FrameLimit`. */
  limitsFrames: boolean
  /** `toFrames`, once for updates that many readers missed. */
  toFrames(updates: Update[]): string[]
  report: (error: unknown) => void
  /** Told why one was ended, if by us. */
  onEnd: (ending: Ending) => void
  /** Told of each that has gone. */
  onClose?: (code: number) => void
}

/**
 * One WebSocket of a page: fragments down, what the page sends up, both over one session. It is the `data` of Bun's
 * socket, which calls `open`, `message`, `drain` and `close`. Ten thousand of them are held at a time, so it keeps
 * nothing of the request it came from, and has methods in place of closures.
 */
export class LiveSocket implements Holder, Hearer, FeedReader<Update> {
  #socket: Socket | null = null
  #session: LiveSession | null = null
  #limit: FrameLimit | null = null
  #waiting = 0
  #closed = false
  #withoutSigns = false
  #visit: Visit | null
  /** Settled once it is live; nothing from then on. */
  #starting: Promise<void> | null = null
  /** What it is sent as it goes live. */
  #missed: string[] = nothing
  #signs: Update[] = nothing

  constructor(
    visit: Visit,
    private readonly edge: Edge,
  ) {
    this.#visit = visit
  }

  open(socket: Socket): void {
    this.#socket = socket
    this.#starting = this.#start()
      .catch((error) => {
        this.edge.report(error)
        this.end({ code: 500, message: "Something went wrong" })
      })
      .finally(() => {
        this.#starting = null
        this.#visit = null
      })
  }

  message(_: unknown, frame: string | Buffer): void {
    this.receive(frame).catch(this.edge.report)
  }

  /** Takes a frame from the page. Its answer comes when it is done with. */
  async receive(frame: string | Buffer): Promise<void> {
    if (this.edge.limitsFrames) {
      this.#limit ??= new FrameLimit()
      if (!this.#limit.take()) return this.end(tooManyFrames)
    }
    if (this.#starting) {
      if (this.#waiting++ >= maxWaiting) return this.end(badFrame)
      await this.#starting
    }
    const said = typeof frame === "string" ? objectIn(frame) : null
    if (!said) return this.end(badFrame)

    const answer = await this.#session?.receive(said)
    if (!answer || this.#closed) return
    if (typeof answer !== "string") return this.end(answer)

    this.#send(answer)
    // Whoever sends and never reads piles up answers.
    this.look()
  }

  subscribe(topic: string): void {
    this.#socket?.subscribe(topic)
  }

  /** Ends it if it is too far behind: what waits is still sent, and then the reason. Halfway there, signs stop. */
  look(): void {
    if (this.#closed || !this.#session || !this.#socket) return
    if (isSlow(this.#socket)) {
      this.end(tooSlow)
    } else if (!this.#withoutSigns && this.#socket.getBufferedAmount() > signsBacklogBytes) {
      this.#withoutSigns = true
      this.#socket.unsubscribe(this.#session.sockets.signsTopic)
    }
  }

  /** Everything that waited has been taken: signs go on, from how things are now. */
  async drain(): Promise<void> {
    if (this.#closed || !this.#session || !this.#withoutSigns) return

    this.#withoutSigns = false
    this.subscribe(this.#session.sockets.signsTopic)
    // Bun looks at no promise: what is rejected here would end the process.
    await this.#tellSigns(this.#session).catch(this.edge.report)
  }

  onEvict(ending: Ending): void {
    this.end(ending)
  }

  /** Ends it from our side, with the reason as close code. */
  end(ending: Ending): void {
    if (this.#closed) return

    this.edge.onEnd(ending)
    this.#socket?.close(closeCodeOf(ending), ending.message)
    this.#leave()
  }

  /** The socket has gone, whoever closed it. */
  close(_: unknown, code: number): void {
    this.edge.onClose?.(code)
    this.#leave()
  }

  join(side: Side): void {
    this.subscribe(side.sockets.topic)
  }

  leave(side: Side): void {
    // A socket that has gone has left everything.
    if (!this.#closed) this.#socket?.unsubscribe(side.sockets.topic)
  }

  deliver(updates: Update[]): void {
    this.#missed = [...this.#missed, ...this.edge.toFrames(updates)]
  }

  goLive(): void {
    if (this.#closed || !this.#session) return

    const session = this.#session
    this.#socket?.cork(() => {
      for (const frame of this.#missed) this.#send(frame)
      // Tells the page that it was let in: an open socket alone may yet be refused.
      this.#send(live)
      for (const sign of this.#signs) this.#send(toFrame([sign]))
      session.sockets.add(this)
      session.sides.follow(this)
    })
    this.#missed = nothing
  }

  async #tellSigns(session: LiveSession): Promise<void> {
    for (const sign of await session.signs()) this.#send(toFrame([sign]))
  }

  #leave(): void {
    this.#closed = true
    this.#session?.sockets.delete(this)
    this.#session?.sides.unfollow(this)
    this.#session?.close()
    this.#session = null
  }

  #send(frame: string): void {
    if (!this.#closed) this.#socket?.send(frame)
  }

  async #start(): Promise<void> {
    if (!this.#visit) return
    const { open, cursor } = this.#visit
    if (cursor === null) return this.end({ code: 400, message: "after must be a number" })

    const opened = await open(this)
    if (isEnding(opened)) return this.end(opened)
    if (this.#closed) return opened.close()

    this.#session = opened
    // What these are now they mostly still are once it is live: then all of it goes out in one write.
    this.#signs = await opened.signs()
    await opened.feed.join(this, cursor ?? newest)
    const signs = this.#closed ? [] : await opened.signs()
    for (const sign of signs) if (!this.#signs.includes(sign)) this.#send(toFrame([sign]))
    this.#signs = nothing
  }
}

/** The object a frame holds as JSON; `null` when it holds anything else. */
function objectIn(frame: string): object | null {
  try {
    const value: unknown = JSON.parse(frame)
    return typeof value === "object" && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
