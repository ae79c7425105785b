import ION from "@covenant-rpc/ion"
import { Backoff } from "../backoff.ts"
import { closeCodes } from "../close-codes.ts"
import type { ChannelFault } from "../result.ts"
import type { ClientFrame, ClientToSidekickConnection, LinkState, SidekickFrame } from "../wire.ts"

/** A socket on which nothing was heard for so long is asked for a sign of life. */
const quietMs = 25_000
/** Whoever was sent something and says nothing for so long is gone, whatever the network says. */
const deadMs = 10_000

/** Close codes that say why it is no use to come back. */
const endings: Record<number, Pick<ChannelFault, "message" | "code">> = {
  [closeCodes[400]]: { code: 400, message: "The server did not understand this client" },
  [closeCodes[401]]: { code: 401, message: "You are signed out" },
  [closeCodes[403]]: { code: 403, message: "You are no longer allowed to be here" },
  [closeCodes[404]]: { code: 404, message: "There is no such thing any more" },
}

/** As much of the standard's `WebSocket` as is used: those of browsers, Bun, Deno, Node 22 and the package `ws` have it. */
export interface AnyWebSocket {
  onopen: ((event: never) => unknown) | null
  onmessage: ((event: never) => unknown) | null
  onclose: ((event: never) => unknown) | null
  onerror: ((event: never) => unknown) | null
  send(text: string): void
  close(code?: number): void
}

/** How a sidekick is reached. */
export interface SocketOptions {
  /** For runtimes without one of their own: Node before 22 has none. */
  WebSocket?: new (
    url: string,
  ) => AnyWebSocket
  /** Milliseconds; see `quietMs` and `deadMs`. */
  quietMs?: number
  deadMs?: number
  /** Chooses how long to wait within what is allowed: from 0 to 1. */
  random?: () => number
}

/**
 * Connects a client to a sidekick over a WebSocket. `url` is its address (`https://chat.example.org` or `wss://…`),
 * or, where it has a path, that of its socket. The socket is opened when something is to be sent. Lost, it is opened
 * again: at first at once or after a quarter of a second, at last after at most 30 s, and at once when the network is
 * back or the page is looked at. It is not opened again after the close codes 4400, 4401, 4403 and 4404.
 */
export function httpClientToSidekick(url: string, options: SocketOptions = {}): ClientToSidekickConnection {
  const address = new URL(url)
  address.protocol = address.protocol.replace(/^http/, "ws")
  if (address.pathname === "/") address.pathname = "/socket"

  return new SocketConnection(address.toString(), options)
}

class SocketConnection implements ClientToSidekickConnection {
  private readonly Socket: new (
    url: string,
  ) => AnyWebSocket
  private readonly handlers = new Set<(frame: SidekickFrame) => unknown>()
  private readonly stateHandlers = new Set<(state: LinkState) => unknown>()
  private readonly backoff: Backoff
  private socket: AnyWebSocket | undefined
  private isOpen = false
  private isClosed = false
  private retry: ReturnType<typeof setTimeout> | undefined
  private patience: ReturnType<typeof setTimeout> | undefined
  private isAwaitingAnswer = false
  private readonly atOnce = () => this.retryNow()

  constructor(
    private readonly address: string,
    private readonly options: SocketOptions,
  ) {
    const found =
      options.WebSocket ?? (globalThis as { WebSocket?: new (url: string) => AnyWebSocket }).WebSocket
    if (!found) throw new Error("This runtime has no WebSocket: pass one, as that of the package ws")
    this.Socket = found
    this.backoff = new Backoff(options.random)
    for (const [target, event] of moments()) target?.addEventListener?.(event, this.atOnce)
  }

  sendMessage(frame: ClientFrame): void {
    // Whoever sends now has not heard yet that the socket is lost, or does not listen: it is sent again, or refused.
    if (!this.isOpen) return
    this.socket?.send(ION.stringify(frame as never))
    if (!this.isAwaitingAnswer) this.expect(true)
  }

  onMessage(handler: (frame: SidekickFrame) => unknown): () => void {
    this.handlers.add(handler)

    return () => this.handlers.delete(handler)
  }

  onState(handler: (state: LinkState) => unknown): () => void {
    this.stateHandlers.add(handler)

    return () => this.stateHandlers.delete(handler)
  }

  wake(): void {
    if (!this.socket && this.retry === undefined && !this.isClosed) this.open()
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    clearTimeout(this.retry)
    for (const [target, event] of moments()) target?.removeEventListener?.(event, this.atOnce)
    this.drop()
    this.handlers.clear()
    this.stateHandlers.clear()
  }

  private open(): void {
    clearTimeout(this.retry)
    this.retry = undefined
    const socket = new this.Socket(this.address)
    this.socket = socket
    const isOurs = () => this.socket === socket
    socket.onopen = () => {
      if (!isOurs()) return
      this.isOpen = true
      this.expect(false)
      this.tell({ type: "open" })
    }
    socket.onmessage = ({ data }: { data: unknown }) => isOurs() && this.hear(data)
    socket.onclose = (event: { code?: number; reason?: string } | undefined) => isOurs() && this.closed(event)
    // Where there was a connection `onclose` follows, and says more. Node 20 forgets it where there was none.
    socket.onerror = () => isOurs() && !this.isOpen && this.closed()
    // A socket that neither opens nor fails has nobody at its other end.
    this.expect(true)
  }

  private hear(data: unknown): void {
    this.backoff.reset()
    this.expect(false)
    const frame = parseFrame(data)
    if (!frame) return
    for (const handler of this.handlers) handler(frame)
    // The other side is about to close; not every runtime says so before the connection is gone.
    if (frame.type === "error" && frame.token !== undefined && frame.error.code === 503) this.died()
  }

  private closed({ code = 1006, reason = "" }: { code?: number; reason?: string } = {}): void {
    const ending = endings[code]
    this.drop()
    if (ending) {
      this.tell({ type: "ended", reason: { fault: "client", ...ending, ...(reason && { message: reason }) } })
    } else this.lost()
  }

  private lost(): void {
    this.retry = setTimeout(() => this.open(), this.backoff.nextMs())
    this.tell({ type: "lost" })
  }

  private retryNow(): void {
    const isHidden = (globalThis as { document?: { hidden?: boolean } }).document?.hidden === true
    if (this.retry !== undefined && !isHidden) this.open()
  }

  /** Waits for the next sign of life: for an answer not as long as for anything at all. */
  private expect(isAnswer: boolean): void {
    const { quietMs: quiet = quietMs, deadMs: dead = deadMs } = this.options
    this.isAwaitingAnswer = isAnswer
    clearTimeout(this.patience)
    this.patience = setTimeout(() => (isAnswer ? this.died() : this.ask()), isAnswer ? dead : quiet)
  }

  /** A question that changes nothing, for an answer. Browsers cannot send pings. */
  private ask(): void {
    this.sendMessage({ type: "unlisten", resources: [] })
  }

  private died(): void {
    this.drop()
    this.lost()
  }

  /** Lets go of the socket, whatever its state. */
  private drop(): void {
    const { socket } = this
    this.socket = undefined
    this.isOpen = false
    clearTimeout(this.patience)
    if (!socket) return
    socket.onmessage = null
    socket.onopen = null
    try {
      socket.close(1000)
    } catch {
      // It was not open yet, or is closed.
    }
  }

  private tell(state: LinkState): void {
    for (const handler of this.stateHandlers) handler(state)
  }
}

interface Target {
  addEventListener?(event: string, listener: () => void): void
  removeEventListener?(event: string, listener: () => void): void
}

/** Moments at which trying again is likely to work; only browsers know them. */
function moments(): [Target | undefined, string][] {
  const { document } = globalThis as { document?: Target }

  return [
    [globalThis as Target, "online"],
    [document, "visibilitychange"],
  ]
}

function parseFrame(data: unknown): SidekickFrame | undefined {
  try {
    // The sidekick is trusted as far as the server is; what is in a message is parsed by its schema.
    return ION.parse(String(data)) as unknown as SidekickFrame
  } catch {
    return undefined
  }
}
