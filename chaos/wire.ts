import ION from "@covenant-rpc/ion"
import { covenant } from "../src/covenant.ts"
import {
  type ClientToServerConnection,
  type ClientToSidekickConnection,
  CovenantClient,
  type SidekickFrame,
} from "../src/kernel/index.ts"

export type WireClient = ReturnType<typeof wireClient>

/** A request without a response for this long is sent again. */
export const responseTimeoutMs = 2500
/** Before the faults, a response that takes long is only slow. */
export const setUpTimeoutMs = 30_000

/**
 * A typed client over the Covenant wire without reconnecting, so that the trial controls every connection. The
 * published client would not do: it takes 100 ms of silence for a confirmation. This one requests an acknowledgement
 * (`ref`), and exposes the end of its socket.
 */
export function wireClient(origin: string, token?: string, timeoutMs = responseTimeoutMs) {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/socket`)
  const closed = new Promise<void>((resolve) => {
    socket.onclose = () => resolve()
  })
  const client = new CovenantClient(covenant, {
    serverConnection: overHttp(origin, token, timeoutMs),
    sidekickConnection: overSocket(socket),
    // An unreachable server is part of the trial, and the result of the call reports it too.
    onUnexpected: () => {},
  })
  return { client, socket, closed }
}

function overHttp(origin: string, token: string | undefined, timeoutMs: number): ClientToServerConnection {
  async function post(type: string, body: object) {
    const response = await fetch(`${origin}/api/covenant?type=${type}`, {
      method: "POST",
      headers: token ? { authorization: `Bearer ${token}` } : {},
      body: ION.stringify(body as never),
      signal: AbortSignal.timeout(timeoutMs),
    })
    return ION.parse(await response.text()) as never
  }
  return {
    runProcedure: (request) => post("procedure", request),
    sendConnectionRequest: (request) => post("connect", request),
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
