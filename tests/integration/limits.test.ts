import { expect, test } from "bun:test"
import { Elysia } from "elysia"
import { createMetrics } from "../../src/observability/metrics.ts"
import { toCallRequest } from "../../src/web/call.ts"
import { wireRoutes } from "../../src/web/wire.ts"
import { createTestChat } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { measured, openSocket, withToken } from "../support/live-sockets.ts"
import { rawAnswer, rawHead } from "../support/raw.ts"
import { createTestServer } from "../support/server.ts"

const limited = { RATE_LIMIT_MESSAGES: "10/10s" }
/** The most frames a socket may send in ten seconds. */
const maxFrames = 1000

test("compression is not agreed to, so no frame can be larger than it looks", async () => {
  using server = await createTestServer()
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
    authorization: `Bearer ${server.cast.bob.token}`,
  }

  for (const path of [`${server.roomPath}/live`, "/socket"]) {
    const head = await rawHead(server, path, headers)
    expect(head).toStartWith("HTTP/1.1 101 ")
    expect(head.toLowerCase()).not.toContain("sec-websocket-extensions")
  }
})

test("a frame that is too large closes its own socket only", async () => {
  using server = await createTestServer()
  const [bob, alice] = [await openSocket(server, "bob"), await openSocket(server, "alice")]

  bob.socket.send(JSON.stringify({ content: "x".repeat(17_000) }))
  await until("bob's socket is closed", () => bob.code() !== undefined)
  alice.socket.send(JSON.stringify({ content: "still here", id: crypto.randomUUID() }))

  await until("alice is answered", () => alice.heard.some((frame) => frame.includes('"stored"')))
  expect(bob.code()).toBe(1009)
  expect(alice.code()).toBeUndefined()
})

test.each(["[]", "{}", "null", "hello", '{"type":"ping"}', new Uint8Array([123, 125])])(
  "a frame that is none of ours ends its socket with 4400: %p",
  async (frame) => {
    using server = await createTestServer()
    const bob = await openSocket(server, "bob")

    bob.socket.send(frame)

    await until("bob's socket is closed", () => bob.code() !== undefined)
    expect(bob.code()).toBe(4400)
  },
)

test("a frame that is a message, but not a good one, is refused and nothing ends", async () => {
  using server = await createTestServer()
  const bob = await openSocket(server, "bob")

  bob.socket.send('{"content":"","id":"x"}')

  await until("bob is answered", () => bob.heard.some((frame) => frame.includes('"refused"')))
  expect(bob.code()).toBeUndefined()
})

test.each(["a b<script>", "", "x:99999", "[::1"])(
  "a request to the host %p is refused as 400",
  async (host) => {
    using server = await createTestServer()

    const answer = await rawAnswer(server.origin, [
      "GET /login HTTP/1.1",
      `Host: ${host}`,
      "Connection: close",
    ])

    expect(answer).toStartWith("HTTP/1.1 400 ")
    expect(answer).not.toContain("script")
  },
)

test("a body that is too large is answered by a page that says what to do, before it is read", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")

  const [page, data] = [
    await alice.post("/servers", { name: "x".repeat(100_000) }, { headers: { accept: "text/html" } }),
    await alice.post("/servers", { name: "x".repeat(100_000) }, { headers: { accept: "application/json" } }),
  ]

  expect([page.status, data.status]).toEqual([413, 413])
  expect(await page.text()).toMatch(/<h1>Too large<\/h1>.*Go back, shorten it/s)
  expect(await data.json()).toMatchObject({ error: { code: 413 } })
  const unknown = await rawHead(
    server,
    "/login",
    { origin: server.origin, "transfer-encoding": "chunked" },
    "POST",
  )
  expect(unknown).toStartWith("HTTP/1.1 411 ")
})

test("a burst of frames is taken, a flood ends its socket with 1013", async () => {
  using server = await createTestServer(limited)
  const bob = await openSocket(server, "bob")

  for (let sent = 1; sent < maxFrames; sent++) bob.socket.send(JSON.stringify({ status: "online" }))
  bob.socket.send(JSON.stringify({ content: "the last of them", id: crypto.randomUUID() }))
  await until("all of them are read", () => bob.heard.some((frame) => frame.includes('"stored"')))
  expect(bob.code()).toBeUndefined()
  bob.socket.send(JSON.stringify({ status: "online" }))

  await until("bob's socket is closed", () => bob.code() !== undefined)
  expect(bob.code()).toBe(1013)
  expect(await measured(server)).toContain('covenant_rate_limited_total{limit="frames"} 1')
})

test("with messages unlimited, so are frames", async () => {
  using server = await createTestServer({ RATE_LIMIT_MESSAGES: "off" })
  const bob = await openSocket(server, "bob")

  for (let sent = 0; sent < maxFrames + 500; sent++) bob.socket.send(JSON.stringify({ status: "online" }))
  bob.socket.send(JSON.stringify({ content: "after all of them", id: crypto.randomUUID() }))

  await until("the last is answered", () => bob.heard.some((frame) => frame.includes('"stored"')))
  expect(bob.code()).toBeUndefined()
})

test("the same holds for programs on the wire", async () => {
  using server = await createTestServer(limited)
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}/socket`)
  let code: number | undefined
  socket.onclose = (event) => {
    code = event.code
  }
  await until("it is open", () => socket.readyState === WebSocket.OPEN)

  for (let sent = 0; sent <= maxFrames; sent++) socket.send("{}")

  await until("it is closed", () => code !== undefined)
  expect(code).toBe(1013)
})

test("a frame that names many resources counts as many on the wire, as each is answered", async () => {
  using server = await createTestServer(limited)
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}/socket`)
  let [code, answers] = [0, 0]
  socket.onclose = (event) => {
    code = event.code
  }
  socket.onmessage = () => {
    answers++
  }
  await until("it is open", () => socket.readyState === WebSocket.OPEN)
  const resources = Array.from({ length: 1000 }, (_, index) => `r/${index}`)

  for (let sent = 0; sent < 100; sent++) socket.send(JSON.stringify({ type: "listen", resources }))

  await until("it is closed", () => code !== 0)
  expect(code).toBe(1013)
  expect(answers).toBeLessThan(10_000)
})

test("a socket of the wire that shows no token is closed; one that does stays", async () => {
  using app = await createTestChat()
  const { server, sidekick } = app.chat
  const anonymousTimeoutMs = 500
  const web = new Elysia().use(
    wireRoutes({
      server,
      sidekick,
      metrics: createMetrics(),
      publicOrigin: undefined,
      limitsFrames: true,
      anonymousTimeoutMs,
      call: (visit) => toCallRequest(visit.request, { server: null, trustProxy: false }),
    }),
  )
  web.listen({ port: 0, hostname: "127.0.0.1" })
  const address = `ws://127.0.0.1:${web.server?.port}/socket`
  const connected = await server.connect("chat", app.room, {}, withToken(app.cast.bob.token))
  const codes: (number | undefined)[] = []
  const open = async (token?: unknown) => {
    const socket = new WebSocket(address)
    const index = codes.push(undefined) - 1
    socket.onclose = ({ code }) => {
      codes[index] = code
    }
    await until("the socket is open", () => socket.readyState === WebSocket.OPEN)
    if (token !== undefined) socket.send(JSON.stringify({ type: "subscribe", token }))
    return socket
  }

  // Bob's is the first: by the time the others are closed, his would have been.
  const bob = await open(connected.token)
  await open()
  await open("made up")
  await until("both are closed", () => codes.filter((code) => code !== undefined).length === 2)

  expect(codes).toEqual([undefined, 4401, 4401])
  expect(bob.readyState).toBe(WebSocket.OPEN)
  expect(sidekick.stats().clients).toBe(4) // the cast's three, and bob's program
  await web.stop(true)
})
