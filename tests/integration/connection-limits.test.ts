import { expect, test } from "bun:test"
import { until } from "../support/listen.ts"
import { measured, openProgram, openSocket } from "../support/live-sockets.ts"
import { createTestServer } from "../support/server.ts"

test("one live connection too many closes the user's most idle one with 4409, over any transport", async () => {
  using server = await createTestServer({ CONNECTIONS_PER_PERSON: "2" })
  const { bob } = server.cast
  const events = await fetch(`${server.origin}${server.roomPath}/events`, {
    headers: { authorization: `Bearer ${bob.token}`, accept: "text/event-stream" },
  })
  let streamed = ""
  const reading = events.body?.pipeTo(
    new WritableStream({
      write(bytes) {
        streamed += new TextDecoder().decode(bytes)
      },
    }),
  )
  await until("the stream is live", () => streamed.includes(": live"))
  const page = await openSocket(server, "bob")
  const alices = await openSocket(server, "alice")

  const program = await openProgram(server, bob.token)
  await until("the program is in", () => program.heard.some((frame) => frame.includes("subscribed")))
  await reading
  expect(streamed).toEndWith(
    'data: {"type":"ended","code":4409,"message":"You have more than 2 live connections. The least recently active one was closed"}\n\n',
  )

  program.socket.send(JSON.stringify({ type: "unlisten", resources: [] }))
  await until("that is answered", () => program.heard.some((frame) => frame.includes("unlistening")))
  const another = await openSocket(server, "bob")
  await until("the page is closed", () => page.code() !== undefined)
  expect([page.code(), program.code(), another.code(), alices.code()]).toEqual([
    4409,
    undefined,
    undefined,
    undefined,
  ])
  expect(await measured(server)).toContain('covenant_rate_limited_total{limit="connections of a user"} 2')
})

test("a person has one limit of frames for all of their sockets, and nobody else's", async () => {
  using server = await createTestServer({ RATE_LIMIT_MESSAGES: "10/10s" })
  const [bob, alice] = [await openSocket(server, "bob"), await openSocket(server, "alice")]
  const resources = Array.from({ length: 250 }, (_, index) => `r/${index}`)
  // As much as all of them may send, and less than each may.
  for (let opened = 0; opened < 4; opened++) {
    const program = await openProgram(server, server.cast.bob.token)
    await until("it is bob's", () => program.heard.some((frame) => frame.includes("subscribed")))
    for (let sent = 0; sent < 3; sent++) program.socket.send(JSON.stringify({ type: "unlisten", resources }))
    const answers = () => program.heard.filter((frame) => frame.includes("unlistening")).length
    await until("all is answered", () => answers() === 3)
  }
  expect(bob.code()).toBeUndefined()

  alice.socket.send(JSON.stringify({ content: "hello", id: crypto.randomUUID() }))
  bob.socket.send(JSON.stringify({ status: "online" }))

  await until("bob's page is closed", () => bob.code() !== undefined)
  expect(bob.code()).toBe(1013)
  await until("alice's message is stored", () => alice.heard.some((frame) => frame.includes('"stored"')))
})

test("live connections per address are limited: the next is closed with 1013, to try again later", async () => {
  using server = await createTestServer({ CONNECTIONS_PER_ADDRESS: "2" })
  const [alice, bob] = [await openSocket(server, "alice"), await openSocket(server, "bob")]

  const program = await openProgram(server, server.cast.bob.token)
  await until("the program is closed", () => program.code() !== undefined)
  const events = await server.as("bob").get(`${server.roomPath}/events`)

  expect(program.code()).toBe(1013)
  expect(events.status).toBe(429)
  alice.socket.close()
  await until("alice has left", async () =>
    (await measured(server)).includes('covenant_connections{transport="ws"} 1'),
  )
  expect((await openSocket(server, "alice")).code()).toBeUndefined()
  expect(bob.code()).toBeUndefined()
})
