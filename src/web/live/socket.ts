import { closeCodeOf } from "../reply.ts"
import { FrameLimit } from "./frame-limit.ts"
import {
  badFrame,
  type Ending,
  isEnding,
  type LiveSession,
  newest,
  type OpenSession,
  tooManyFrames,
  tooSlow,
} from "./session.ts"
import { toFrames, type Update } from "./update.ts"

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
  close(code: number, reason: string): void
  subscribe(topic: string): void
  unsubscribe(topic: string): void
  getBufferedAmount(): number
}

/** Does a socket not take what is sent to it? */
export function isSlow(socket: Pick<Socket, "getBufferedAmount">): boolean {
  return socket.getBufferedAmount() > maxBacklogBytes
}

interface Options {
  open: OpenSession
  /** From which change on; `null` when what was asked for is no number. */
  cursor: number | undefined | null
  /** Hold it to `FrameLimit`. */
  limitsFrames: boolean
  report: (error: unknown) => void
  /** Told why it was ended, if by us. */
  onEnd: (ending: Ending) => void
}

/** One WebSocket of a page: fragments down, what the page sends up, both over one session. */
export class LiveSocket {
  #session: LiveSession | null = null
  readonly #limit: FrameLimit | null
  #waiting = 0
  #closed = false
  #withoutSigns = false
  #unfollow = () => {}
  readonly #ready: Promise<void>

  constructor(
    private readonly socket: Socket,
    private readonly options: Options,
  ) {
    const { open, cursor, limitsFrames, report } = options
    this.#limit = limitsFrames ? new FrameLimit() : null
    this.#ready = this.#start(open, cursor).catch((error) => {
      report(error)
      this.end({ code: 500, message: "Something went wrong" })
    })
  }

  /** Takes a frame from the page. Its answer comes when it is done with. */
  async receive(frame: string | Buffer): Promise<void> {
    if (this.#limit?.take() === false) return this.end(tooManyFrames)
    if (!this.#session && this.#waiting++ >= maxWaiting) return this.end(badFrame)

    await this.#ready
    const said = typeof frame === "string" ? objectIn(frame) : null
    if (!said) return this.end(badFrame)

    const answer = await this.#session?.receive(said)
    if (!answer || this.#closed) return
    if (typeof answer !== "string") return this.end(answer)

    this.socket.send(answer)
    // Whoever sends and never reads piles up answers.
    this.look()
  }

  subscribe(topic: string): void {
    this.socket.subscribe(topic)
  }

  /** Ends it if it is too far behind: what waits is still sent, and then the reason. Halfway there, signs stop. */
  look(): void {
    if (this.#closed || !this.#session) return
    if (isSlow(this.socket)) {
      this.end(tooSlow)
    } else if (!this.#withoutSigns && this.socket.getBufferedAmount() > signsBacklogBytes) {
      this.#withoutSigns = true
      this.socket.unsubscribe(this.#session.sockets.signsTopic)
    }
  }

  /** Everything that waited has been taken: signs go on, from how things are now. */
  async drained(): Promise<void> {
    if (this.#closed || !this.#session || !this.#withoutSigns) return

    this.#withoutSigns = false
    this.socket.subscribe(this.#session.sockets.signsTopic)
    for (const frame of toFrames(await this.#session.signs())) if (!this.#closed) this.socket.send(frame)
  }

  /** Ends it from our side, with the reason as close code. */
  end(ending: Ending): void {
    if (this.#closed) return

    this.options.onEnd(ending)
    this.socket.close(closeCodeOf(ending), ending.message)
    this.closed()
  }

  /** The socket has gone, whoever closed it. */
  closed(): void {
    this.#closed = true
    this.#session?.sockets.delete(this)
    this.#unfollow()
    this.#session?.close()
    this.#session = null
  }

  async #start(open: OpenSession, cursor: number | undefined | null): Promise<void> {
    if (cursor === null) return this.end({ code: 400, message: "after must be a number" })

    const opened = await open((ending) => this.end(ending))
    if (isEnding(opened)) return this.end(opened)
    if (this.#closed) return opened.close()

    this.#session = opened
    const { feed, sockets } = opened
    const send = (text: string) => void (this.#closed || this.socket.send(text))
    const reader = {
      deliver: (updates: Update[]) => {
        for (const frame of toFrames(updates)) send(frame)
      },
      goLive: () => {
        if (this.#closed) return
        sockets.add(this)
        this.#unfollow = opened.sides.follow({
          join: (side) => this.socket.subscribe(side.sockets.topic),
          // A socket that has gone has left everything.
          leave: (side) => void (this.#closed || this.socket.unsubscribe(side.sockets.topic)),
        })
      },
    }
    await feed.join(reader, cursor ?? newest)
    // Tells the page that it was let in: an open socket alone may yet be refused.
    send(JSON.stringify({ type: "live" }))
    reader.deliver(await opened.signs())
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
