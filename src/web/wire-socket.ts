import type { ClientFrame, ClientToSidekickConnection, SidekickFrame } from "../kernel/index.ts"
import { FrameLimit } from "./live/frame-limit.ts"
import type { CountedConnection, OpenConnections } from "./live/open-connections.ts"
import { type Ending, type EvictionListener, tooManyFrames, tooSlow } from "./live/session.ts"
import { isSlow } from "./live/socket.ts"
import { closeCodeOf } from "./reply.ts"

/**
 * How long a socket may stay open without using a token, in milliseconds: until then it is anonymous. Generous,
 * because the published client opens its socket when it is created, maybe long before its user signs in, and does
 * not reopen it.
 */
const anonymousTimeoutMs = 10 * 60_000

const restarting: Ending = { code: 503, message: "The server restarts" }
const noToken: Ending = { code: 401, message: "No token was shown" }

/** The part of Bun's `ServerWebSocket` that is used. */
interface RawSocket {
  /** Returns the bytes sent, -1 under backpressure, 0 when the message was dropped. */
  send(data: string): number
  close(code: number, reason: string): void
  getBufferedAmount(): number
}

interface WireSocketOptions {
  /** Creates the socket's client. `onConnection` is to be called with the context of each connection it opens. */
  createClient(onConnection: (context: unknown) => void): ClientToSidekickConnection
  encode(frame: SidekickFrame): string
  decode(frame: unknown): unknown
  /** Apply `FrameLimit`. */
  limitsFrames: boolean
  /** Called when this side ends the connection. */
  onEnd(ending: Ending): void
  /** Counts the socket, as one from this IP. */
  counting?: { connections: OpenConnections; address: string }
  anonymousTimeoutMs?: number
}

/** One program's WebSocket: passes frames of the Covenant wire between it and its client of the sidekick. */
export class WireSocket implements EvictionListener {
  readonly #socket: RawSocket
  readonly #options: WireSocketOptions
  readonly #limit: FrameLimit | null
  readonly #anonymousTimer: ReturnType<typeof setTimeout>
  readonly #client: ClientToSidekickConnection
  #counted: CountedConnection | undefined
  #isClosed = false

  constructor(socket: RawSocket, options: WireSocketOptions) {
    this.#socket = socket
    this.#options = options
    this.#limit = options.limitsFrames ? new FrameLimit() : null
    const timeoutMs = options.anonymousTimeoutMs ?? anonymousTimeoutMs
    this.#anonymousTimer = setTimeout(() => this.#end(noToken), timeoutMs)
    this.#client = options.createClient((context) => this.#counted?.belongsTo(userIdOf(context)))
    this.#client.onMessage((frame) => this.#send(frame))
    const { connections, address = "" } = options.counting ?? {}
    const counted = connections?.open(address, this)
    if (counted && "code" in counted) this.#end(counted)
    else this.#counted = counted
  }

  onEvict(ending: Ending): void {
    this.#end(ending)
  }

  /** Handles a frame of the program. The client validates it and answers malformed ones. */
  receive(frame: unknown): void {
    if (this.#isClosed) return
    const decoded = this.#options.decode(frame)
    const things = resourcesIn(decoded)
    const isWithinLimits = this.#limit?.take(things) !== false && this.#counted?.used(things) !== false
    if (!isWithinLimits) this.#end(tooManyFrames)
    else this.#client.sendMessage(decoded as ClientFrame)
  }

  /** Closes with 1012, after which clients reconnect. */
  restart(): void {
    this.#end(restarting)
  }

  /** Releases everything. Call it when the socket has closed, whichever side closed it. */
  closed(): void {
    this.#isClosed = true
    clearTimeout(this.#anonymousTimer)
    this.#client.close()
    this.#counted?.close()
  }

  #send(frame: SidekickFrame): void {
    if (this.#isClosed) return

    // Either frame proves that a token was used.
    if (frame.type === "subscribed" || frame.type === "sent") clearTimeout(this.#anonymousTimer)
    const isBuffered = this.#socket.send(this.#options.encode(frame)) < 1
    if (isBuffered && isSlow(this.#socket)) this.#end(tooSlow)
    // A connection that ends with 503 ends because the process does, so the whole socket is closed.
    else if (frame.type === "error" && frame.token && frame.error.code === 503) this.#end(restarting)
  }

  #end(ending: Ending): void {
    if (this.#isClosed) return

    this.#options.onEnd(ending)
    this.#socket.close(closeCodeOf(ending), ending.message)
    this.closed()
  }
}

/** How many resources a frame names: each is answered. */
function resourcesIn(frame: unknown): number {
  const { resources } = (frame ?? {}) as { resources?: unknown }
  return Array.isArray(resources) ? resources.length : 1
}

/** The contexts of the chat's channels say whose connection it is. */
function userIdOf(context: unknown): string {
  return (context as { userId: string }).userId
}
