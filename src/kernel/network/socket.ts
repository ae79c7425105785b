import ION from "@covenant-rpc/ion"
import { Backoff } from "../backoff.ts"
import { closeCodes } from "../close-codes.ts"
import type { ChannelFault } from "../result.ts"
import type { ClientFrame, ClientToSidekickConnection, LinkState, SidekickFrame } from "../wire.ts"
import { Liveness, type LivenessTimes } from "./liveness.ts"

/** Close codes after which reconnecting cannot help. */
const finalCloseCodes: Record<number, Pick<ChannelFault, "message" | "code">> = {
  [closeCodes[400]]: { code: 400, message: "The server did not understand this client" },
  [closeCodes[401]]: { code: 401, message: "You are logged out" },
  [closeCodes[403]]: { code: 403, message: "You are no longer allowed to be here" },
  [closeCodes[404]]: { code: 404, message: "There is no such thing any more" },
  [closeCodes[409]]: { code: 409, message: "You have too many connections" },
}

/** The part of the standard `WebSocket` that is used. Browsers, Bun, Deno, Node 22 and the package `ws` have it. */
export interface AnyWebSocket {
  onopen: ((event: never) => unknown) | null
  onmessage: ((event: never) => unknown) | null
  onclose: ((event: never) => unknown) | null
  onerror: ((event: never) => unknown) | null
  send(text: string): void
  close(code?: number): void
}

type WebSocketClass = new (url: string) => AnyWebSocket

/** Options of a WebSocket connection. */
export interface SocketOptions extends LivenessTimes {
  /** For runtimes without a global one, such as Node before 22. */
  WebSocket?: WebSocketClass
  /** The jitter of reconnects: returns a number from 0 up to 1. Default `Math.random`. */
  random?: () => number
}

/**
 * Connects a client to a sidekick over a WebSocket. `url` is the sidekick's origin (`https://…` or `wss://…`), or the
 * full URL of its socket. The socket is opened when something is to be sent. When it is lost it reconnects with
 * backoff, first within 0.25 s and finally within 30 s, and at once when the browser is back online or the page visible.
 * It does not reconnect after the close codes 4400, 4401, 4403, 4404 and 4409.
 *
 * @example
 * httpClientToSidekick("https://chat.example.org")
 */
export function httpClientToSidekick(url: string, options: SocketOptions = {}): ClientToSidekickConnection {
  const endpoint = new URL(url)
  endpoint.protocol = endpoint.protocol.replace(/^http/, "ws")
  if (endpoint.pathname === "/") endpoint.pathname = "/socket"

  return new SocketConnection(endpoint.href, options)
}

class SocketConnection implements ClientToSidekickConnection {
  readonly #url: string
  readonly #WebSocket: WebSocketClass
  readonly #handlers = new Set<(frame: SidekickFrame) => unknown>()
  readonly #stateHandlers = new Set<(state: LinkState) => unknown>()
  readonly #backoff: Backoff
  readonly #liveness: Liveness
  #socket: AnyWebSocket | undefined
  #isOpen = false
  #isClosed = false
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  readonly #retryNow = () => this.#retry()

  constructor(url: string, options: SocketOptions) {
    const found = options.WebSocket ?? (globalThis as { WebSocket?: WebSocketClass }).WebSocket
    if (!found) throw new Error("This runtime has no WebSocket: pass one, as that of the package ws")
    this.#url = url
    this.#WebSocket = found
    this.#backoff = new Backoff(options.random)
    this.#liveness = new Liveness(options, {
      // Browsers cannot send pings. This frame changes nothing and is answered.
      ping: () => this.sendMessage({ type: "unlisten", resources: [] }),
      onDead: () => this.#reconnect(),
    })
    for (const [target, event] of retryEvents()) target?.addEventListener?.(event, this.#retryNow)
  }

  sendMessage(frame: ClientFrame): void {
    // The socket was lost a moment ago; the state handlers tell that to callers that wait for an answer.
    if (!this.#isOpen) return
    this.#socket?.send(ION.stringify(frame as never))
    this.#liveness.sent()
  }

  onMessage(handler: (frame: SidekickFrame) => unknown): () => void {
    this.#handlers.add(handler)

    return () => this.#handlers.delete(handler)
  }

  onState(handler: (state: LinkState) => unknown): () => void {
    this.#stateHandlers.add(handler)

    return () => this.#stateHandlers.delete(handler)
  }

  wake(): void {
    if (!this.#socket && this.#retryTimer === undefined && !this.#isClosed) this.#open()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#retryTimer)
    for (const [target, event] of retryEvents()) target?.removeEventListener?.(event, this.#retryNow)
    this.#drop()
    this.#handlers.clear()
    this.#stateHandlers.clear()
  }

  #open(): void {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    const socket = new this.#WebSocket(this.#url)
    this.#socket = socket
    // A dropped socket may still call back.
    const isCurrent = () => this.#socket === socket
    socket.onopen = () => {
      if (!isCurrent()) return
      this.#isOpen = true
      this.#liveness.received()
      this.#setState({ type: "open" })
    }
    socket.onmessage = ({ data }: { data: unknown }) => isCurrent() && this.#receive(data)
    socket.onclose = (event: { code?: number; reason?: string } | undefined) =>
      isCurrent() && this.#onClose(event)
    // After an open connection `onclose` follows and says more. Before one, Node 20 calls only `onerror`.
    socket.onerror = () => isCurrent() && !this.#isOpen && this.#onClose()
    // Opening must not take forever either.
    this.#liveness.awaitAnswer()
  }

  #receive(data: unknown): void {
    this.#backoff.reset()
    this.#liveness.received()
    const frame = parseFrame(data)
    if (!frame) return
    for (const handler of this.#handlers) handler(frame)
    // The sidekick restarts and is about to close. Not every runtime reports that before the connection is gone.
    if (frame.type === "error" && frame.token !== undefined && frame.error.code === 503) this.#reconnect()
  }

  #onClose({ code = 1006, reason = "" }: { code?: number; reason?: string } = {}): void {
    const final = finalCloseCodes[code]
    if (!final) {
      this.#reconnect()
      return
    }

    this.#drop()
    this.#setState({
      type: "ended",
      reason: { fault: "client", ...final, ...(reason && { message: reason }) },
    })
  }

  /** Drops the socket and opens another one after a delay. */
  #reconnect(): void {
    this.#drop()
    this.#retryTimer = setTimeout(() => this.#open(), this.#backoff.nextMs())
    this.#setState({ type: "lost" })
  }

  /** Opens a lost connection at once, unless the page is hidden. */
  #retry(): void {
    const isHidden = (globalThis as { document?: { hidden?: boolean } }).document?.hidden === true
    if (this.#retryTimer !== undefined && !isHidden) this.#open()
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    this.#isOpen = false
    this.#liveness.stop()
    if (!socket) return
    socket.onmessage = null
    socket.onopen = null
    try {
      socket.close(1000)
    } catch {
      // It was never opened, or is closed already.
    }
  }

  #setState(state: LinkState): void {
    for (const handler of this.#stateHandlers) handler(state)
  }
}

interface EventTargetLike {
  addEventListener?(event: string, listener: () => void): void
  removeEventListener?(event: string, listener: () => void): void
}

/** Events after which reconnecting is likely to work. Only browsers have them. */
function retryEvents(): [EventTargetLike | undefined, string][] {
  const { document } = globalThis as { document?: EventTargetLike }

  return [
    [globalThis as EventTargetLike, "online"],
    [document, "visibilitychange"],
  ]
}

/** Trusts the frame's shape, because the sidekick is ours; a message in it is parsed by its channel's schema. */
function parseFrame(data: unknown): SidekickFrame | undefined {
  try {
    return ION.parse(String(data)) as unknown as SidekickFrame
  } catch {
    return undefined
  }
}
