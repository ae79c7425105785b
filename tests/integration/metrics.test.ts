import { expect, test } from "bun:test"
import { Histogram, Registry } from "../../src/observability/instruments.ts"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { createTestServer, type TestServer } from "../support/server.ts"

test("connections, messages, commits and requests are counted", async () => {
  using server = await createTestServer({ RATE_LIMIT_MESSAGES: "3/10s" })
  const { alice } = server.cast
  const bob = server.as("bob")
  // Kept in a variable: a response that is garbage-collected closes its connection.
  const events = (await bob.get(`${server.roomPath}/events`)).body?.getReader()
  const socket = await openSocket(server)
  const program = new WebSocket(`${server.origin.replace("http", "ws")}/socket`)
  await until("the program is connected", () => program.readyState === WebSocket.OPEN)

  const messages = `${server.roomPath}/messages`
  const startedAt = performance.now()
  const statuses: number[] = []
  const id = crypto.randomUUID()
  const sent: Record<string, string>[] = [
    { content: "one", id },
    { content: "one", id },
    { content: "two" },
    { content: "three" },
  ]
  for (const fields of sent) {
    statuses.push((await bob.post(messages, fields, { headers: { accept: "application/json" } })).status)
  }
  expectData(await alice.client.mutate("createServer", { name: "Den" }))

  expect(statuses).toEqual([200, 200, 200, 429])
  const during = await measure(server)
  expect(during).toMatchObject({
    'covenant_connections{transport="ws"}': 1,
    'covenant_connections{transport="sse"}': 1,
    'covenant_connections{transport="stream"}': 0,
    'covenant_connections{transport="wire"}': 1,
    // The second message was a retry of the first.
    covenant_messages_stored_total: 2,
    covenant_confirm_seconds_count: 3,
    covenant_fan_out_seconds_count: 2,
    'covenant_rate_limited_total{limit="messages"}': 1,
    // The socket of the room. Elysia answers that of the program.
    'covenant_http_requests_total{status="1xx"}': 1,
    'covenant_http_requests_total{status="4xx"}': 1,
    process_uptime_seconds: expect.any(Number),
  })
  expect(during.covenant_commit_seconds_count).toBeGreaterThanOrEqual(3)
  expect(during.covenant_commit_jobs_sum).toBeGreaterThanOrEqual(3)
  expect(during.covenant_confirm_seconds_sum).toBeGreaterThan(0)
  // One after another: together they took no longer than all of this.
  expect(during.covenant_confirm_seconds_sum).toBeLessThan((performance.now() - startedAt) / 1000)

  socket.close(1000)
  await events?.cancel()
  program.close()
  const counts = async () =>
    Object.entries(await measure(server)).filter(
      ([name, value]) => /^covenant_connections/.test(name) && value > 0,
    )
  await until("no connection is counted", async () => (await counts()).length === 0)
  expect((await measure(server))['covenant_socket_closes_total{reason="left"}']).toBe(2)
})

test("replays are counted, and those that were reset", async () => {
  using server = await createTestServer()
  const bob = server.as("bob")
  const bodies = Array.from({ length: 501 }, (_, index) => `message ${index}`)
  const { client } = server.cast.alice
  const { token } = await client.connect("chat", server.room, {})
  await Promise.all(bodies.map((content) => client.send("chat", server.room, token ?? "", { content })))

  for (const after of [400, 0]) {
    const events = (await bob.get(`${server.roomPath}/events?after=${after}`)).body?.getReader()
    await until(
      "the replay was counted",
      async () => (await measure(server)).covenant_replays_total === (after ? 1 : 2),
    )
    await events?.cancel()
  }

  // Counted once the changes were read.
  const resets = async () => (await measure(server)).covenant_replay_resets_total
  await until("the reset was counted", async () => (await resets()) === 1)
  expect((await measure(server)).covenant_replays_total).toBe(2)
})

test("a histogram counts a value in its bucket and all above", () => {
  const registry = new Registry()
  const histogram = registry.histogram("waits", "How long.", [1, 5])

  for (const value of [0.5, 1, 3, 10]) histogram.observe(value)

  expect(registry.text()).toBe(
    [
      "# HELP waits How long.",
      "# TYPE waits histogram",
      'waits_bucket{le="1"} 2',
      'waits_bucket{le="5"} 3',
      'waits_bucket{le="+Inf"} 4',
      "waits_sum 14.5",
      "waits_count 4",
      "",
    ].join("\n"),
  )
  expect(new Histogram([]).lines("empty")).toEqual([
    'empty_bucket{le="+Inf"} 0',
    "empty_sum 0",
    "empty_count 0",
  ])
})

test("the server is unready while it is held, and says why", async () => {
  using server = await createTestServer()
  const ask = async () => {
    const answer = await fetch(`${server.origin}/health`)
    return [answer.status, await answer.json()]
  }
  expect(await ask()).toEqual([200, { status: "ok" }])

  server.chat.readiness.hold("The server is starting")
  expect(await ask()).toEqual([503, { status: "unavailable", reason: "The server is starting" }])

  server.chat.readiness.release()
  expect(await ask()).toEqual([200, { status: "ok" }])
})

async function measure(server: TestServer): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.origin}/metrics`)).text()
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"))
  // Every line is a name, optional labels, and a number.
  expect(lines.filter((line) => !/^[a-z_]+(\{\w+="[^"]*"\})? -?[\d.e+-]+$/.test(line))).toEqual([])
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  )
}

async function openSocket(server: TestServer): Promise<WebSocket> {
  const address = `${server.origin.replace("http", "ws")}${server.roomPath}/live`
  const headers = { authorization: `Bearer ${server.cast.alice.token}` }
  const socket = new WebSocket(address, { headers } as never)
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => data === '{"type":"live"}' && resolve()
  })
  return socket
}
