import { connect, createServer, type Socket } from "node:net"

/** Something between a browser and the site that can fail as networks do. */
export interface CuttableWay {
  origin: string
  /** Cuts every connection, and each new one, until `restore`. */
  cut(): void
  /** Hands nothing on over the connections there are now, and says so to nobody. */
  freeze(): void
  restore(): void
  /** Hands on what the target sends only after this many milliseconds. */
  delayBy(ms: number): void
  /** Keeps what the target sends until the returned function is called. */
  hold(): { isAnswered(): boolean; release(): void }
  /** Leads to another port from now on. */
  leadTo(port: number): void
  /** Refuses WebSockets from now on, as some company networks do. */
  refuseSockets(): void
  close(): void
}

const refusal = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

/** A TCP proxy to a port of this machine. */
export async function createProxy(port: number): Promise<CuttableWay> {
  const open = new Set<Socket>()
  let target = port
  let isCut = false
  let refusesSockets = false
  let delayMs = 0
  let held: (() => void)[] | undefined

  const server = createServer((client) => {
    if (isCut) return client.destroy()

    const site = connect(target, "127.0.0.1")
    track(client, site)
    track(site, client)
    client.on("data", (bytes) => {
      // A browser opens a connection of its own for each WebSocket, so the request comes in one piece.
      if (refusesSockets && /^upgrade: websocket/im.test(bytes.toString("latin1"))) client.end(refusal)
      else site.write(bytes)
    })
    site.on("data", (bytes) => {
      // Timers of the same length run in the order in which they were set.
      if (held) held.push(() => client.write(bytes))
      else if (delayMs > 0) setTimeout(() => client.write(bytes), delayMs)
      else client.write(bytes)
    })
  })

  function track(socket: Socket, other: Socket) {
    open.add(socket)
    socket.on("error", () => socket.destroy())
    socket.on("end", () => other.end())
    socket.on("close", () => {
      open.delete(socket)
      other.destroy()
    })
  }

  function cut() {
    isCut = true
    for (const socket of open) socket.destroy()
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
  return {
    origin,
    cut,
    freeze() {
      for (const socket of open) socket.removeAllListeners("data").removeAllListeners("end").pause()
    },
    restore() {
      isCut = false
    },
    delayBy(ms) {
      delayMs = ms
    },
    hold() {
      const waiting: (() => void)[] = []
      held = waiting
      return {
        isAnswered: () => waiting.length > 0,
        release() {
          held = undefined
          for (const write of waiting) write()
        },
      }
    },
    leadTo(next) {
      target = next
    },
    refuseSockets() {
      refusesSockets = true
    },
    close() {
      cut()
      server.close()
    },
  }
}
