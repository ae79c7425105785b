import { until } from "./listen.ts"

/** Asks over a bare connection, which adds nothing and leaves nothing out; what came back, as it came, when it ends. */
export async function rawAnswer(
  origin: string,
  head: string[],
  { body = "", isEnough = () => false, maxMs }: RawOptions = {},
): Promise<string> {
  const { hostname, port } = new URL(origin)
  let answer = ""
  let timer: ReturnType<typeof setTimeout> | undefined
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      resolve(answer)
    }
    const take = (socket: { end(): unknown }, chunk: Buffer) => {
      answer += chunk.toString("latin1")
      if (isEnough(answer)) {
        socket.end()
        end()
      }
    }
    Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        open(socket) {
          socket.write(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"))
          socket.write(body)
          if (maxMs) timer = setTimeout(() => socket.terminate(), maxMs)
        },
        data: take,
        close: end,
        error: end,
      },
    }).catch(reject)
  })
}

interface RawOptions {
  body?: string | Uint8Array
  isEnough?(answer: string): boolean
  /** For requests that may never be answered, because more of them is waited for: leaves after this time. */
  maxMs?: number
}

/** The head of an answer as it was sent, before anything is made of it. */
export async function rawHead(
  server: { origin: string },
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<string> {
  const { hostname, port, host } = new URL(server.origin)
  let received = ""
  const connection = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data(_, chunk) {
        received += chunk.toString("latin1")
      },
    },
  })
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`)
  connection.write(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`)
  await until("there is an answer", () => received.includes("\r\n\r\n"))
  connection.end()
  return received.split("\r\n\r\n")[0] ?? ""
}
