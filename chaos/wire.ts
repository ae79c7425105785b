import ION from "@covenant-rpc/ion"
import { covenant } from "../src/covenant.ts"
import {
  type ClientToServerConnection,
  type ClientToSidekickConnection,
  CovenantClient,
  type SidekickFrame,
} from "../src/kernel/index.ts"

export type WireClient = ReturnType<typeof wireClient>

/** Whoever gets no answer for so long comes back with the same question. */
export const answerMs = 2500

/**
 * The typed client over the Covenant wire. It is not the published one, which takes 100 ms of silence for a stored
 * message: nothing could be proved with that. This one asks for an answer (`ref`), and says when its socket ends.
 */
export function wireClient(origin: string, token?: string) {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/socket`)
  const closed = new Promise<void>((resolve) => {
    socket.onclose = () => resolve()
  })
  const client = new CovenantClient(covenant, {
    serverConnection: overHttp(origin, token),
    sidekickConnection: overSocket(socket),
    // That the server cannot be reached is what is tried here, and is told by the result too.
    onUnexpected: () => {},
  })
  return { client, socket, closed }
}

function overHttp(origin: string, token: string | undefined): ClientToServerConnection {
  async function ask(type: string, body: object) {
    const answer = await fetch(`${origin}/api/covenant?type=${type}`, {
      method: "POST",
      headers: token ? { authorization: `Bearer ${token}` } : {},
      body: ION.stringify(body as never),
      signal: AbortSignal.timeout(answerMs),
    })
    return ION.parse(await answer.text()) as never
  }
  return {
    runProcedure: (request) => ask("procedure", request),
    sendConnectionRequest: (request) => ask("connect", request),
  }
}

function overSocket(socket: WebSocket): ClientToSidekickConnection {
  const opened = new Promise<void>((resolve) => {
    socket.onopen = () => resolve()
  })
  return {
    sendMessage(frame) {
      const text = ION.stringify(frame as never)
      if (socket.readyState === WebSocket.CONNECTING) void opened.then(() => socket.send(text))
      else socket.send(text)
    },
    onMessage(handler) {
      socket.onmessage = ({ data }) => handler(ION.parse(String(data)) as unknown as SidekickFrame)
      return () => {
        socket.onmessage = null
      }
    },
    close: () => socket.terminate(),
  }
}
