import type { FeedReader } from "../../kernel/index.ts"
import { closeCodeOf } from "../reply.ts"
import { FrameLimit } from "./frame-limit.ts"
import { encodeFrame } from "./frames.ts"
import {
  badFrame,
  type Connect,
  type Ending,
  type EvictionListener,
  encodeEnding,
  isEnding,
  type LiveSession,
  newest,
  tooManyFrames,
  tooSlow,
} from "./session.ts"
import type { SocketMember } from "./socket-group.ts"
import type { SideTopic, Subscriber } from "./subscriptions.ts"
import { toFrame, type Update } from "./update.ts"

/**
 * Limits of a socket. Bun sends pings; a socket that answers nothing for a minute is gone (NATs drop sooner).
 * A reader that does not read is cut off and comes back with its cursor, instead of growing our memory: by us with
 * 1013 (`isSlow`), and by Bun, which just drops the connection (1006), where its backlog was not checked in time.
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

/** Bytes that may wait for a slow reader. Between two checks as much again may come, three bytes a character. */
const maxBacklogBytes = 256 * 1024
/** With more than this waiting, ephemeral updates are paused. Source: Mattermost, which sheds typing at half of its queue. */
const maxEphemeralBacklogBytes = maxBacklogBytes / 2

/** Frames that may wait while a connection is being authorized. */
const maxWaiting = 32

/** The part of Bun's `ServerWebSocket` that is used. */
interface BunSocket {
  send(data: string): unknown
  /** What is sent meanwhile goes out in one write. */
  cork(sends: () => void): unknown
  close(code: number, reason: string): void
  subscribe(topic: string): void
  unsubscribe(topic: string): void
  getBufferedAmount(): number
}

const live = encodeFrame({ type: "live" })

/** Most sockets have nothing waiting most of the time: they share one empty list. */
const nothing: never[] = []

/** Does a socket not take what is sent to it? */
export function isSlow(socket: Pick<BunSocket, "getBufferedAmount">): boolean {
  return socket.getBufferedAmount() > maxBacklogBytes
}

/** Do clients connect again? See `closeCodes`. */
function mayReturn(ending: Ending): boolean {
  return closeCodeOf(ending) < 4000
}

interface Start {
  connect: Connect
  /** Goes live after this change; `null` when the request's cursor is not a number. */
  cursor: number | undefined | null
}

/** What all sockets of one kind share. */
interface LiveSocketOptions {
  /** Apply `FrameLimit`. */
  limitsFrames: boolean
  /** `toFrames`, once for updates that many readers missed. */
  toFrames(updates: Update[]): string[]
  report: (error: unknown) => void
  /** Called when a socket is ended from this side. */
  onEnd: (ending: Ending) => void
  /** Called for every socket that has closed. */
  onClose?: (code: number) => void
}

/**
 * One WebSocket of a page: fragments down, what the page sends up, both over one session. It is the `data` of Bun's
 * socket, which calls `open`, `message`, `drain` and `close`. Ten thousand of them are open at a time, so it keeps
 * nothing of the request it came from, and has methods in place of closures.
 */
export class LiveSocket implements EvictionListener, Subscriber, SocketMember, FeedReader<Update> {
  readonly #options: LiveSocketOptions
  #socket: BunSocket | null = null
  #session: LiveSession | null = null
  #limit: FrameLimit | null = null
  #waiting = 0
  #isClosed = false
  #isEphemeralPaused = false
  #start: Start | null
  /** Settles once it is live; `null` from then on. */
  #starting: Promise<void> | null = null
  /** What it is sent as it goes live. */
  #missed: string[] = nothing
  /** Answers of this turn of the event loop, not sent yet. */
  #answers: string[] = nothing
  #snapshot: Update[] = nothing

  constructor(start: Start, options: LiveSocketOptions) {
    this.#start = start
    this.#options = options
  }

  open(socket: BunSocket): void {
    this.#socket = socket
    this.#starting = this.#connect()
      .catch((error) => {
        this.#options.report(error)
        this.end({ code: 500, message: "Something went wrong" })
      })
      .finally(() => {
        this.#starting = null
        this.#start = null
      })
  }

  message(_: unknown, frame: string | Buffer): void {
    this.receive(frame).catch(this.#options.report)
  }

  /** Takes a frame from the page, and sends the answer once there is one. */
  async receive(frame: string | Buffer): Promise<void> {
    if (this.#options.limitsFrames) {
      this.#limit ??= new FrameLimit()
      if (!this.#limit.take()) return this.end(tooManyFrames)
    }
    if (this.#starting) {
      if (this.#waiting++ >= maxWaiting) return this.end(badFrame)
      await this.#starting
    }
    const parsed = typeof frame === "string" ? parseObject(frame) : null
    if (!parsed) return this.end(badFrame)

    const answer = await this.#session?.receive(parsed)
    if (!answer || this.#isClosed) return
    if (typeof answer !== "string") return this.end(answer)

    if (this.#answers.length === 0) {
      this.#answers = []
      setImmediate(() => this.#sendAnswers())
    }
    this.#answers.push(answer)
  }

  subscribe(topic: string): void {
    this.#socket?.subscribe(topic)
  }

  /** Ends it if it is too far behind: what waits is still sent, and then the reason. Halfway there, ephemeral updates pause. */
  checkBacklog(): void {
    if (this.#isClosed || !this.#session || !this.#socket) return
    if (isSlow(this.#socket)) {
      this.end(tooSlow)
    } else if (!this.#isEphemeralPaused && this.#socket.getBufferedAmount() > maxEphemeralBacklogBytes) {
      this.#isEphemeralPaused = true
      this.#socket.unsubscribe(this.#session.sockets.ephemeralTopic)
    }
  }

  /** Everything that waited was taken: ephemeral updates go on, from their current state. */
  async drain(): Promise<void> {
    if (this.#isClosed || !this.#session || !this.#isEphemeralPaused) return

    this.#isEphemeralPaused = false
    this.subscribe(this.#session.sockets.ephemeralTopic)
    // Bun ignores the promise that this returns: a rejection would end the process.
    await this.#sendSnapshot(this.#session).catch(this.#options.report)
  }

  onEvict(ending: Ending): void {
    this.end(ending)
  }

  /** Ends it from this side, with the reason as close code. */
  end(ending: Ending): void {
    if (this.#isClosed) return

    this.#options.onEnd(ending)
    this.#writeAnswers()
    if (this.#session && !mayReturn(ending)) this.#send(encodeEnding(ending))
    this.#socket?.close(closeCodeOf(ending), ending.message)
    this.#leave()
  }

  /** The socket has closed, whichever side closed it. */
  close(_: unknown, code: number): void {
    this.#options.onClose?.(code)
    this.#leave()
  }

  subscribeTo({ sockets }: SideTopic): void {
    this.subscribe(sockets.topic)
  }

  unsubscribeFrom({ sockets }: SideTopic): void {
    // A closed socket has no subscriptions, and Bun throws when it is asked to end one.
    if (!this.#isClosed) this.#socket?.unsubscribe(sockets.topic)
  }

  sendOwn(update: Update): void {
    this.#send(toFrame([update]))
  }

  deliver(updates: Update[]): void {
    this.#missed = [...this.#missed, ...this.#options.toFrames(updates)]
  }

  goLive(): void {
    if (this.#isClosed || !this.#session) return

    const session = this.#session
    this.#socket?.cork(() => {
      for (const frame of this.#missed) this.#send(frame)
      // Tells the page that it was let in: an open socket may yet be refused.
      this.#send(live)
      for (const update of [...session.listsChanged(), ...this.#snapshot]) this.#send(toFrame([update]))
      session.sockets.add(this)
      session.subscriptions.addSubscriber(this)
    })
    this.#missed = nothing
  }

  async #sendSnapshot(session: LiveSession): Promise<void> {
    const snapshot = await session.snapshot()
    for (const update of [...session.listsChanged(), ...snapshot]) this.#send(toFrame([update]))
  }

  #leave(): void {
    this.#isClosed = true
    this.#session?.sockets.delete(this)
    this.#session?.subscriptions.deleteSubscriber(this)
    this.#session?.close()
    this.#session = null
  }

  #sendAnswers(): void {
    this.#writeAnswers()
    // A client that sends and never reads piles up answers.
    this.checkBacklog()
  }

  /** In one write, together with what was published in this turn: each write takes as long as handling a frame. */
  #writeAnswers(): void {
    const answers = this.#answers
    this.#answers = nothing
    if (answers.length > 0 && !this.#isClosed)
      this.#socket?.cork(() => {
        for (const answer of answers) this.#send(answer)
      })
  }

  #send(frame: string): void {
    if (!this.#isClosed) this.#socket?.send(frame)
  }

  async #connect(): Promise<void> {
    if (!this.#start) return
    const { connect, cursor } = this.#start
    if (cursor === null) return this.end({ code: 400, message: "after must be a number" })

    const session = await connect(this)
    if (isEnding(session)) return this.end(session)
    if (this.#isClosed) return session.close()

    this.#session = session
    // Mostly it is the same once it is live: then everything goes out in one write.
    this.#snapshot = await session.snapshot()
    await session.join(this, cursor ?? newest)
    const snapshot = this.#isClosed ? [] : await session.snapshot()
    for (const update of snapshot) if (!this.#snapshot.includes(update)) this.#send(toFrame([update]))
    this.#snapshot = nothing
  }
}

/** The object that a frame holds as JSON; `null` when it holds anything else. */
function parseObject(frame: string): object | null {
  try {
    const value: unknown = JSON.parse(frame)
    return typeof value === "object" && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
