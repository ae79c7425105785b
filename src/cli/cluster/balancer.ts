import { connect, createServer, type Server, type Socket } from "node:net"
import { closingResponse, forwardedHead } from "./heads.ts"
import type { ClusterNode, NodePool } from "./node-pool.ts"

/** A node that takes longer to accept a connection is left out. */
const connectTimeoutMs = 1000
/** Longest head of a request, in bytes. */
const maxHeadBytes = 64 * 1024
const headEnd = "\r\n\r\n"

const noNode = "No node is ready. Try again"
const unavailable = [
  "HTTP/1.1 503 Service Unavailable",
  "Retry-After: 1",
  "Connection: close",
  `Content-Length: ${noNode.length}`,
  "",
  noNode,
].join("\r\n")

/**
 * Spreads requests over the healthy nodes in turn, for trials on one machine. A connection carries one request; after
 * its head, bytes pass through unread in both directions, so uploads, sockets and endless responses need nothing more.
 */
export class Balancer {
  readonly port: number
  readonly #pool: NodePool
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()

  private constructor(listener: Server, port: number, pool: NodePool) {
    this.#listener = listener
    this.port = port
    this.#pool = pool
  }

  /** Listens on a port; 0 picks a free one. Rejects when the port is taken. */
  static async open({ port, host, pool }: { port: number; host: string; pool: NodePool }): Promise<Balancer> {
    const listener = createServer()
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject)
      listener.listen(port, host, resolve)
    })
    const address = listener.address()
    const actualPort = typeof address === "object" ? (address?.port ?? port) : port
    const balancer = new Balancer(listener, actualPort, pool)
    listener.on("connection", (client) => balancer.#accept(client))
    return balancer
  }

  /** Stops listening and ends all connections. */
  close(): void {
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(client: Socket): void {
    this.#track(client)
    let received = Buffer.alloc(0)
    const onData = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      const length = received.indexOf(headEnd)
      if (length < 0) {
        if (received.length > maxHeadBytes) client.destroy()
        return
      }

      client.off("data", onData)
      client.pause()
      const head = forwardedHead(received.toString("latin1", 0, length), ipOf(client))
      const rest = received.subarray(length + headEnd.length)
      void this.#forward(client, Buffer.concat([Buffer.from(head, "latin1"), rest]))
    }
    client.on("data", onData)
  }

  /** Connects to one node after another until one accepts; none has seen the request before that. */
  async #forward(client: Socket, request: Buffer): Promise<void> {
    const tried = new Set<ClusterNode>()
    for (let node = this.#pool.next(tried); node; node = this.#pool.next(tried)) {
      tried.add(node)
      const upstream = await connectTo(node.port)
      if (!upstream) {
        this.#pool.note(node, false)
        continue
      }

      this.#track(upstream)
      if (client.destroyed) return void upstream.destroy()

      upstream.write(request)
      pipe(client, upstream)
      pipe(upstream, client, responseEdit())
      client.resume()
      return
    }
    client.end(unavailable)
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket)
    // A "close" event follows each error and does the rest.
    socket.on("error", () => {})
    socket.on("close", () => this.#sockets.delete(socket))
  }
}

/** Resolves to `undefined` when the port does not accept a connection in time. */
function connectTo(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    const fail = () => {
      socket.destroy()
      resolve(undefined)
    }
    const timeout = setTimeout(fail, connectTimeoutMs)
    socket.once("error", fail)
    socket.once("connect", () => {
      clearTimeout(timeout)
      socket.off("error", fail)
      resolve(socket)
    })
  })
}

/** Passes bytes on no faster than they are taken, so that a slow reader slows its node down as without a balancer. */
function pipe(from: Socket, to: Socket, edit = (bytes: Buffer) => bytes): void {
  from.on("data", (bytes: Buffer) => {
    if (!to.write(edit(bytes))) from.pause()
  })
  to.on("drain", () => from.resume())
  from.on("end", () => to.end())
  from.on("close", () => to.end())
}

/** Edits the first line of what a node answers, and lets everything after it through. */
function responseEdit(): (bytes: Buffer) => Buffer {
  let isEdited = false
  let waiting = Buffer.alloc(0)
  return (bytes) => {
    if (isEdited) return bytes

    waiting = Buffer.concat([waiting, bytes])
    if (!waiting.includes("\r\n")) return Buffer.alloc(0)

    isEdited = true
    return Buffer.from(closingResponse(waiting.toString("latin1")), "latin1")
  }
}

function ipOf(client: Socket): string {
  return (client.remoteAddress ?? "").replace(/^::ffff:/, "")
}
