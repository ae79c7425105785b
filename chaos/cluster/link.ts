import { connect, createServer, type Server, type Socket } from "node:net"

/** How long the service sees nothing of a lost connection that its node has closed. */
const lingerMs = 4000

/** A TCP proxy between one node and Postgres or Redis, which can fail the way networks do. */
export class ServiceLink {
  readonly port: number
  readonly #listener: Server
  readonly #connections = new Set<LinkedConnection>()
  readonly #fault: LinkFault = { isHeld: false, latencyMs: 0 }
  #isRefusing = false

  private constructor(listener: Server, port: number) {
    this.#listener = listener
    this.port = port
  }

  /** Starts a link to a port of this machine. */
  static async open(target: number): Promise<ServiceLink> {
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve))
    const address = listener.address()
    const link = new ServiceLink(listener, typeof address === "object" ? (address?.port ?? 0) : 0)
    listener.on("connection", (node) => link.#accept(node, target))
    return link
  }

  /** The ports that the service sees connections from. */
  get servicePorts(): number[] {
    return [...this.#connections].flatMap(({ service }) => service.localPort ?? [])
  }

  /** Resets every connection. */
  cut(): void {
    for (const connection of this.#connections) connection.cut()
  }

  /** Resets every connection, and each new one until `heal`. */
  refuse(): void {
    this.#isRefusing = true
    this.cut()
  }

  /** Loses what the present connections carry from now on, in both directions. New connections work. */
  halfOpen(): void {
    for (const connection of this.#connections) connection.lose()
  }

  /** Carries nothing until `heal`: like packets that are sent again later, the bytes arrive then. */
  swallow(): void {
    this.#fault.isHeld = true
  }

  /** Delays everything by so much until `heal`. */
  slow(latencyMs: number): void {
    this.#fault.latencyMs = latencyMs
  }

  /** Ends all faults; half-open connections are reset, as by a router that knows them no more. */
  heal(): void {
    this.#fault.latencyMs = 0
    this.#fault.isHeld = false
    this.#isRefusing = false
    for (const connection of this.#connections) connection.heal()
  }

  close(): void {
    this.cut()
    this.#listener.close()
  }

  #accept(node: Socket, target: number): void {
    if (this.#isRefusing) return void node.resetAndDestroy()

    const connection = new LinkedConnection(node, connect(target, "127.0.0.1"), this.#fault)
    this.#connections.add(connection)
    // Not when the node closes: its end may be held, and the service would keep the session and its lock for ever.
    connection.service.on("close", () => this.#connections.delete(connection))
  }
}

/** What is wrong with a link now. All its connections share it. */
interface LinkFault {
  isHeld: boolean
  latencyMs: number
}

/** A node's connection and the connection to the service that belongs to it. */
class LinkedConnection {
  readonly service: Socket
  readonly #node: Socket
  readonly #fault: LinkFault
  /** What is delayed or held, in order. */
  #waiting: { dueMs: number; act: () => void }[] = []
  #isLost = false

  constructor(node: Socket, service: Socket, fault: LinkFault) {
    this.#node = node
    this.service = service
    this.#fault = fault
    this.#pipe(node, service)
    this.#pipe(service, node)
  }

  cut(): void {
    this.#node.resetAndDestroy()
    this.service.resetAndDestroy()
  }

  lose(): void {
    this.#isLost = true
    this.#node.on("close", () => setTimeout(() => this.service.destroy(), lingerMs))
  }

  heal(): void {
    if (this.#isLost) this.cut()
    else this.#release(Number.POSITIVE_INFINITY)
  }

  #pipe(from: Socket, to: Socket): void {
    from.on("data", (bytes: Buffer) => this.#forward(() => void to.write(bytes)))
    from.on("end", () => this.#forward(() => void to.end()))
    from.on("close", () => this.#forward(() => void to.end()))
    // A "close" event follows each error and does the rest.
    from.on("error", () => {})
  }

  #forward(act: () => void): void {
    const { isHeld, latencyMs } = this.#fault
    if (this.#isLost) return
    const isSound = !isHeld && latencyMs === 0
    if (isSound && this.#waiting.length === 0) {
      act()
      return
    }

    this.#waiting.push({ dueMs: Date.now() + latencyMs, act })
    if (!isHeld) setTimeout(() => this.#release(Date.now()), latencyMs + 1)
  }

  #release(untilMs: number): void {
    if (this.#fault.isHeld || this.#isLost) return

    for (let [next] = this.#waiting; next && next.dueMs <= untilMs; [next] = this.#waiting) {
      this.#waiting.shift()
      next.act()
    }
  }
}
