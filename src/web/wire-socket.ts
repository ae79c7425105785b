import type { ClientFrame, ClientToSidekickConnection, SidekickFrame } from "../kernel/index.ts"
import { FrameLimit } from "./live/frame-limit.ts"
import { type Ending, tooManyFrames, tooSlow } from "./live/session.ts"
import { isSlow } from "./live/socket.ts"
import { closeCodeOf } from "./reply.ts"

/**
 * How long a socket may stay that has shown no token: nobody knows whose it is. Generous, because the published
 * client opens its socket when it is made, perhaps long before its user signs in, and does not open it again.
 */
const strangerMs = 10 * 60_000

const restart: Ending = { code: 503, message: "The server restarts" }
const noToken: Ending = { code: 401, message: "No token was shown" }

/** What is used of Bun's `ServerWebSocket`. */
interface Socket {
  send(data: string): number
  close(code: number, reason: string): void
  getBufferedAmount(): number
}

interface Options {
  client: ClientToSidekickConnection
  encode(frame: SidekickFrame): string
  decode(frame: unknown): unknown
  /** Hold it to `FrameLimit`. */
  limitsFrames: boolean
  /** Told why it was ended, if by us. */
  onEnd(ending: Ending): void
  strangerMs?: number
}

/** One program's socket: frames of the Covenant wire, between it and its client of the sidekick. */
export class WireSocket {
  readonly #limit: FrameLimit | null
  readonly #stranger: ReturnType<typeof setTimeout>
  #closed = false

  constructor(
    private readonly socket: Socket,
    private readonly options: Options,
  ) {
    this.#limit = options.limitsFrames ? new FrameLimit() : null
    this.#stranger = setTimeout(() => this.#end(noToken), options.strangerMs ?? strangerMs)
    options.client.onMessage((frame) => this.#send(frame))
  }

  receive(frame: unknown): void {
    if (this.#closed) return
    // Malformed frames are answered by the client, which checks every one of them.
    if (this.#limit?.take() === false) this.#end(tooManyFrames)
    else this.options.client.sendMessage(this.options.decode(frame) as ClientFrame)
  }

  /** Sends it away, to come back: to whoever comes next, or because what it was told has a hole. */
  restart(): void {
    this.#end(restart)
  }

  /** The socket has gone, whoever closed it. */
  closed(): void {
    this.#closed = true
    clearTimeout(this.#stranger)
    this.options.client.close()
  }

  #send(frame: SidekickFrame): void {
    if (this.#closed) return

    if (frame.type === "subscribed" || frame.type === "sent") clearTimeout(this.#stranger)
    // Less than one: it does not take it now, and it waits.
    if (this.socket.send(this.options.encode(frame)) < 1 && isSlow(this.socket)) this.#end(tooSlow)
    // A connection that ends because the server does takes the socket with it.
    else if (frame.type === "error" && frame.token && frame.error.code === 503) this.#end(restart)
  }

  #end(ending: Ending): void {
    if (this.#closed) return

    this.options.onEnd(ending)
    this.socket.close(closeCodeOf(ending), ending.message)
    this.closed()
  }
}
