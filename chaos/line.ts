import { connect, createServer, type Server, type Socket } from "node:net"

export type Direction = "up" | "down"

/** A connection whose client has gone without a word: the server hears nothing of it for so long. */
const lingerMs = 4000

/** One client's way to the server, over TCP of its own, that can fail as networks do. */
export class Line {
  readonly #pairs = new Set<Pair>()
  readonly origin: string

  private constructor(
    private readonly listener: Server,
    port: number,
  ) {
    this.origin = `http://127.0.0.1:${port}`
  }

  /** Opens a way to a port of this machine. */
  static async open(port: number): Promise<Line> {
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve))
    const address = listener.address()
    const line = new Line(listener, typeof address === "object" ? (address?.port ?? 0) : 0)
    listener.on("connection", (client) => {
      const pair: Pair = new Pair(client, connect(port, "127.0.0.1"), () => line.#pairs.delete(pair))
      line.#pairs.add(pair)
    })
    return line
  }

  /** Is there something that can fail? */
  get isOpen(): boolean {
    return this.#pairs.size > 0
  }

  /** Ends every connection at once, from this side or that: one hears a reset, the other an end. */
  cut(from: "client" | "server"): void {
    for (const pair of this.#pairs) pair.cut(from)
  }

  /** Lets so many more bytes through, then cuts: somebody is left with half a frame. */
  truncate(direction: Direction, bytes: number): void {
    for (const pair of this.#pairs) pair.truncate(direction, bytes)
  }

  /** Holds everything back for a while, then hands it on. */
  delay(ms: number): void {
    for (const pair of this.#pairs) pair.hold(ms)
  }

  /** Hands nothing on any more and says so to nobody. */
  silence(): void {
    for (const pair of this.#pairs) pair.silence()
  }

  /** Reads nothing from the server for a while, as a client that is stopped: its buffers fill up. */
  stall(ms: number): void {
    for (const pair of this.#pairs) pair.stall(ms)
  }

  /** Whoever stood still goes on. What is cut or silent stays so: its client comes back by itself. */
  heal(): void {
    for (const pair of this.#pairs) pair.goOn()
  }

  close(): void {
    for (const pair of this.#pairs) pair.cut("client")
    this.listener.close()
  }
}

/** One connection of a client, and the one to the server that stands for it. */
class Pair {
  /** What waits while everything is held back. */
  #held: (() => void)[] | null = null
  readonly #left = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }
  #isSilent = false
  #isStalled = false

  constructor(
    private readonly client: Socket,
    private readonly site: Socket,
    onEnd: () => void,
  ) {
    this.#carry(client, site, "up")
    this.#carry(site, client, "down")
    client.on("close", () => {
      onEnd()
      if (this.#isSilent) setTimeout(() => site.destroy(), lingerMs)
      else site.end()
    })
    site.on("close", () => this.#pass(() => client.end()))
  }

  cut(from: "client" | "server"): void {
    const [reset, ended] = from === "client" ? [this.client, this.site] : [this.site, this.client]
    reset.resetAndDestroy()
    ended.destroy()
  }

  truncate(direction: Direction, bytes: number): void {
    this.#left[direction] = bytes
  }

  hold(ms: number): void {
    if (this.#held) return

    this.#held = []
    setTimeout(() => {
      const held = this.#held ?? []
      this.#held = null
      for (const action of held) action()
    }, ms)
  }

  silence(): void {
    this.#isSilent = true
    this.site.pause()
  }

  stall(ms: number): void {
    this.#isStalled = true
    this.site.pause()
    setTimeout(() => this.goOn(), ms)
  }

  goOn(): void {
    this.#isStalled = false
    if (!this.#isSilent) this.site.resume()
  }

  #carry(from: Socket, to: Socket, direction: Direction): void {
    from.on("data", (bytes: Buffer) => this.#pass(() => this.#write(from, to, direction, bytes)))
    from.on("end", () => this.#pass(() => to.end()))
    // What failed is closed next: there is nothing else to do about it.
    from.on("error", () => {})
    to.on("drain", () => {
      const mayFlow = direction === "up" || !(this.#isStalled || this.#isSilent)
      if (mayFlow) from.resume()
    })
  }

  #write(from: Socket, to: Socket, direction: Direction, bytes: Buffer): void {
    if (bytes.length >= this.#left[direction]) {
      to.write(bytes.subarray(0, this.#left[direction]), () => this.cut("client"))
      this.#left[direction] = 0
      this.silence()
    } else {
      this.#left[direction] -= bytes.length
      if (!to.write(bytes)) from.pause()
    }
  }

  #pass(action: () => void): void {
    if (this.#isSilent) return

    if (this.#held) this.#held.push(action)
    else action()
  }
}
