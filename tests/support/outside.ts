import { createServer, type Socket } from "node:net"
import { PublicFetch } from "../../src/web/public-fetch.ts"
import { isPublicIp } from "../../src/web/public-ip.ts"

/**
 * The internet, as far as tests have one: of this machine's own addresses 127.0.0.2 counts as public, so what is at
 * 127.0.0.1 is as private as ever. Names lead where the test says; those it does not know, to 127.0.0.2.
 */
export const outsideAddress = "127.0.0.2"

export function outsideFetch(names: Record<string, string[] | (() => string[])> = {}) {
  return new PublicFetch({
    resolve: async (name) => {
      const found = names[name] ?? [outsideAddress]
      return typeof found === "function" ? found() : found
    },
    allows: ({ ip }) => ip === outsideAddress || isPublicIp(ip),
  })
}

/** A web server that is out there, answering as the test says. */
export function serveOutside(answer: (request: Request) => Response | Promise<Response>) {
  const server = Bun.serve({ hostname: outsideAddress, port: 0, fetch: answer })
  return {
    port: server.port ?? 0,
    /** Its address under any name. */
    at: (path = "/", name = "site.test") => `http://${name}:${server.port}${path}`,
    [Symbol.dispose]: () => void server.stop(true),
  }
}

/** One that says what no web server would; `speak` has the connection once a request came in. */
export async function speakOutside(speak: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
    socket.once("data", () => speak(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, outsideAddress, resolve))
  const address = server.address()
  const port = typeof address === "object" ? (address?.port ?? 0) : 0
  return {
    at: (path = "/", name = "site.test") => `http://${name}:${port}${path}`,
    open: () => sockets.size,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
