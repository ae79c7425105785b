import { connect, createServer, type Server, type Socket } from "node:net"

export type Direction = "up" | "down"

/** How long the server sees nothing of a connection whose client disappeared without closing it. */
const lingerMs = 4000

/** One client's TCP proxy to the server. It can fail the way networks do. */
export class FaultyProxy {
  readonly origin: string
  /** The port that the newest connection leads to. */
  lastPort = 0
  readonly #connections = new Set<ProxiedConnection>()
  readonly #listener: Server

  private constructor(listener: Server, port: number) {
    this.#listener = listener
    this.origin = `http://127.0.0.1:${port}`
  }

  /** Starts a proxy to ports of this machine; each connection asks for its own. */
  static async open(nextPort: () => number): Promise<FaultyProxy> {
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve))
    const address = listener.address()
    const proxy = new FaultyProxy(listener, typeof address === "object" ? (address?.port ?? 0) : 0)
    listener.on("connection", (client) => proxy.#accept(client, nextPort()))
    return proxy
  }

  get hasConnections(): boolean {
    return this.#connections.size > 0
  }

  /** Ends every connection at once. The named side sees a reset, the other side an end. */
  cut(from: "client" | "server"): void {
    for (const connection of this.#connections) connection.cut(from)
  }

  /** Forwards `bytes` more bytes, then cuts: the receiver is left with half a frame. */
  truncate(direction: Direction, bytes: number): void {
    for (const connection of this.#connections) connection.truncate(direction, bytes)
  }

  /** Buffers everything for a while, then forwards it. */
  delay(ms: number): void {
    for (const connection of this.#connections) connection.delay(ms)
  }

  /** Forwards nothing from now on and closes nothing: a half-open connection. */
  blackHole(): void {
    for (const connection of this.#connections) connection.blackHole()
  }

  /** Reads nothing from the server for a while, like a suspended client: the server's buffers fill up. */
  stall(ms: number): void {
    for (const connection of this.#connections) connection.stall(ms)
  }

  /** Resumes stalled connections. Cut and half-open ones stay so: their clients reconnect. */
  resume(): void {
    for (const connection of this.#connections) connection.resume()
  }

  close(): void {
    for (const connection of this.#connections) connection.cut("client")
    this.#listener.close()
  }

  #accept(client: Socket, port: number): void {
    this.lastPort = port
    const connection: ProxiedConnection = new ProxiedConnection(client, connect(port, "127.0.0.1"), () =>
      this.#connections.delete(connection),
    )
    this.#connections.add(connection)
  }
}

/** A client's connection and the connection to the server that belongs to it. */
class ProxiedConnection {
  readonly #client: Socket
  readonly #server: Socket
  /** Actions buffered while the connection is delayed; otherwise `null`. */
  #delayed: (() => void)[] | null = null
  readonly #bytesLeft = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }
  #isBlackHole = false
  #isStalled = false

  constructor(client: Socket, server: Socket, onEnd: () => void) {
    this.#client = client
    this.#server = server
    this.#pipe(client, server, "up")
    this.#pipe(server, client, "down")
    client.on("close", () => {
      onEnd()
      if (this.#isBlackHole) setTimeout(() => server.destroy(), lingerMs)
      else server.end()
    })
    server.on("close", () => this.#forward(() => client.end()))
  }

  cut(from: "client" | "server"): void {
    const [reset, ended] = from === "client" ? [this.#client, this.#server] : [this.#server, this.#client]
    reset.resetAndDestroy()
    ended.destroy()
  }

  truncate(direction: Direction, bytes: number): void {
    this.#bytesLeft[direction] = bytes
  }

  delay(ms: number): void {
    if (this.#delayed) return

    this.#delayed = []
    setTimeout(() => {
      const delayed = this.#delayed ?? []
      this.#delayed = null
      for (const action of delayed) action()
    }, ms)
  }

  blackHole(): void {
    this.#isBlackHole = true
    this.#server.pause()
  }

  stall(ms: number): void {
    this.#isStalled = true
    this.#server.pause()
    setTimeout(() => this.resume(), ms)
  }

  resume(): void {
    this.#isStalled = false
    if (!this.#isBlackHole) this.#server.resume()
  }

  #pipe(from: Socket, to: Socket, direction: Direction): void {
    from.on("data", (bytes: Buffer) => this.#forward(() => this.#write(from, to, { direction, bytes })))
    from.on("end", () => this.#forward(() => to.end()))
    // A "close" event follows each error and does the rest.
    from.on("error", () => {})
    to.on("drain", () => {
      const mayFlow = direction === "up" || !(this.#isStalled || this.#isBlackHole)
      if (mayFlow) from.resume()
    })
  }

  #write(from: Socket, to: Socket, { direction, bytes }: { direction: Direction; bytes: Buffer }): void {
    if (bytes.length >= this.#bytesLeft[direction]) {
      to.write(bytes.subarray(0, this.#bytesLeft[direction]), () => this.cut("client"))
      this.#bytesLeft[direction] = 0
      this.blackHole()
    } else {
      this.#bytesLeft[direction] -= bytes.length
      if (!to.write(bytes)) from.pause()
    }
  }

  #forward(action: () => void): void {
    if (this.#isBlackHole) return

    if (this.#delayed) this.#delayed.push(action)
    else action()
  }
}
