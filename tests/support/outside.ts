import { createServer, type Socket } from "node:net"
import { PublicFetch } from "../../src/web/public-fetch.ts"
import { isPublicIp } from "../../src/web/public-ip.ts"

/**
 * The tests' internet: 127.0.0.2 counts as a public IP, while 127.0.0.1 stays private. Host names resolve to what the
 * test says, unknown ones to 127.0.0.2.
 */
export const outsideIp = "127.0.0.2"

export function outsideFetch(names: Record<string, string[] | (() => string[])> = {}) {
  return new PublicFetch({
    resolve: async (name) => {
      const found = names[name] ?? [outsideIp]
      return typeof found === "function" ? found() : found
    },
    allows: ({ ip }) => ip === outsideIp || isPublicIp(ip),
  })
}

/** A web server at the public IP; the test decides its responses. */
export function serveOutside(answer: (request: Request) => Response | Promise<Response>) {
  const server = Bun.serve({ hostname: outsideIp, port: 0, fetch: answer })
  return {
    port: server.port ?? 0,
    /** A URL of it under any host name. */
    at: (path = "/", name = "site.test") => `http://${name}:${server.port}${path}`,
    [Symbol.dispose]: () => void server.stop(true),
  }
}

/** A raw TCP server at the public IP; `speak` gets the connection once a request arrived. */
export async function speakOutside(speak: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
    socket.once("data", () => speak(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, outsideIp, resolve))
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
