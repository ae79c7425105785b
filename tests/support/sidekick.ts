import { expect } from "bun:test"
import ION from "@covenant-rpc/ion"
import { parseSidekickConfig } from "../../src/config.ts"
import type { ErrorFrame, SidekickFrame } from "../../src/kernel/index.ts"
import { createSidekickService } from "../../src/sidekick/service.ts"
import { connectWire } from "../integration/transports/wire.ts"
import { silent } from "./chat.ts"
import { until } from "./listen.ts"
import { launch } from "./process.ts"
import { type CuttableWay, createProxy } from "./proxy.ts"
import { createTestServer, type Name, type TestServer } from "./server.ts"

export const secret = "a-secret-that-is-only-used-in-tests"

type Environment = Record<string, string>

/** Starts a sidekick process; resolves once it listens. */
export function startSidekick(serverUrl: string, environment: Environment = {}) {
  return start("src/sidekick.ts", { SIDEKICK_SERVER_URL: serverUrl, ...environment })
}

/** Starts a process with the reference sidekick. */
export function startReferenceSidekick(serverUrl: string) {
  return start("tests/support/reference-sidekick.ts", { SIDEKICK_SERVER_URL: serverUrl })
}

/** Starts a process with a reference server, for the contract `reference`. */
export function startReferenceServer(sidekickUrl: string) {
  return start("tests/support/reference-server.ts", { SIDEKICK_URL: sidekickUrl })
}

async function start(path: string, environment: Environment) {
  const started = launch([path], "/nowhere", {
    NODE_ENV: "production",
    SIDEKICK_SECRET: secret,
    ...environment,
  })
  while (started.child.exitCode === null) {
    const port = started.said().match(/listens on http:\/\/localhost:(\d+)/)?.[1]
    if (port) return { ...started, port: Number(port), origin: `http://127.0.0.1:${port}` }
    await Bun.sleep(10)
  }
  throw new Error(`${path} did not start: ${started.said()}`)
}

/** A standalone sidekick in the test's process, listening. */
export function createTestService(serverUrl: string, environment: Record<string, string> = {}) {
  const service = createSidekickService(
    parseSidekickConfig({ SIDEKICK_SECRET: secret, SIDEKICK_SERVER_URL: serverUrl, ...environment }),
    silent,
  )
  service.app.listen({ port: 0, hostname: "127.0.0.1" })
  const port = service.app.server?.port ?? 0
  const origin = `http://127.0.0.1:${port}`
  const close = () => void service.app.server?.stop(true)
  return { ...service, port, origin, close, [Symbol.dispose]: close }
}

export type Pair = Awaited<ReturnType<typeof createPair>>

/** `createTestServer` with a standalone sidekick; the connections between them can be cut. */
export async function createPair(environment: Record<string, string> = {}) {
  const [toServer, toSidekick] = [await createProxy(0), await createProxy(0)]
  const service = createTestService(toServer.origin, environment)
  toSidekick.leadTo(service.port)
  const server = await createTestServer({ SIDEKICK_URL: toSidekick.origin, SIDEKICK_SECRET: secret })
  toServer.leadTo(Number(new URL(server.origin).port))
  await untilReached(server)

  const opened: { close(): void }[] = []
  function close() {
    for (const socket of opened) socket.close()
    service.close()
    void server.chat.service?.sidekick.close()
    server.close()
    for (const way of [toServer, toSidekick]) way.close()
  }
  return {
    server,
    service,
    toServer,
    toSidekick,
    /** Opens a program's socket at the sidekick. */
    async socket() {
      const socket = await openSocket(service.origin)
      opened.push(socket)
      return socket
    },
    [Symbol.dispose]: close,
  }
}

/** Waits until the server has reached its sidekick. */
export async function untilReached({ chat }: TestServer): Promise<void> {
  await until("the sidekick is reached", () => chat.service?.sidekick.stats().isUp === true, 20_000)
}

/** A WebSocket that speaks the wire; resolves once it is open. */
export async function openSocket(origin: string) {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/socket`)
  const frames: SidekickFrame[] = []
  let code: number | undefined
  socket.onmessage = ({ data }) => void frames.push(ION.parse(data) as SidekickFrame)
  socket.onclose = (event) => {
    code = event.code
  }
  await until("the socket is open", () => socket.readyState === WebSocket.OPEN, 20_000)
  const tell = (frame: object) => socket.send(ION.stringify(frame as never))
  return {
    frames,
    tell,
    close: () => socket.close(),
    /** The close code. */
    code: () => code,
    /** The received messages. */
    heard: () =>
      frames.flatMap((frame) => (frame.type === "message" ? [frame.data as { content: string }] : [])),
    errors: () => frames.flatMap((frame): ErrorFrame[] => (frame.type === "error" ? [frame] : [])),
    /** Sends a frame and waits for its answer. */
    async ask(frame: object): Promise<SidekickFrame> {
      const ref = crypto.randomUUID()
      tell({ ...frame, ref })
      const answer = () => frames.find((known) => "ref" in known && known.ref === ref)
      await until(`${JSON.stringify(frame)} is answered`, () => answer() !== undefined, 30_000)
      return answer() as SidekickFrame
    },
  }
}

/** A proxy with a URL that outlives the server behind it. */
export async function lastingAddress(): Promise<CuttableWay & Disposable> {
  const way = await createProxy(0)
  return { ...way, [Symbol.dispose]: () => way.close() }
}

/** How long tests wait for what crosses two processes, in milliseconds. */
export const patience = 20_000

/** A user's program in the room, at the sidekick: a subscribed socket and its token. */
export async function joinAtSidekick(made: Pair, name: Name) {
  const { server } = made
  const token = await grantToken(made, name)
  const socket = await made.socket()
  expect(await socket.ask({ type: "subscribe", token })).toMatchObject({ type: "subscribed" })
  const send = (content: string, params: object = server.room) =>
    socket.ask({ type: "send", token, channel: "chat", params, data: { content } })
  return { ...socket, token, send }
}

/** A token for the room that nobody has used yet. */
export async function grantToken({ server }: Pair, name: Name): Promise<string> {
  const granted = await connectWire(server, server.cast[name].token, server.room)
  if (granted.type === "ERROR") throw new Error(granted.error.message)
  return granted.token
}
