import { expect, test } from "bun:test"
import { connectAndLeave } from "../../chaos/connection-cycle.ts"
import type { Message } from "../../src/features/messages/contract.ts"
import { until } from "../support/listen.ts"
import { publishedClient as clientOf } from "../support/published.ts"
import { createTestServer } from "../support/server.ts"

function publishedClient({ origin }: { origin: string }, token?: string) {
  return clientOf({ origin, sidekick: origin.replace("http", "ws"), token })
}

test("a program logs in, connects and talks with the published client", async () => {
  using server = await createTestServer()
  const { room } = server
  const signedIn = await publishedClient(server).mutate("login", { username: "alice", password: "password" })
  expect(signedIn.success).toBe(true)

  const alice = publishedClient(server, (signedIn.data as { token: string }).token)
  const bob = publishedClient(server, server.cast.bob.token)
  const heard: Message[] = []
  const [ofAlice, ofBob] = [
    await alice.connect("chat", room, { username: "Alice" }),
    await bob.connect("chat", room, {}),
  ]
  await bob.subscribe("chat", room, ofBob.token, (message) => void heard.push(message))
  await alice.send("chat", room, ofAlice.token, { content: "from a program" })
  await until("bob received it", () => heard.length === 1)

  expect(heard[0]).toMatchObject({ content: "from a program", username: "alice" })
  expect(heard[0]?.createdAt).toBeInstanceOf(Date)
  const stored = await bob.query("getMessages", { channelId: room.channelId })
  expect(stored.data as Message[]).toMatchObject([{ content: "from a program" }])
  alice.disconnect()
  bob.disconnect()
})

test("a refused send is answered at once, and outsiders learn why they may not connect", async () => {
  using server = await createTestServer()
  const { room } = server
  const bob = publishedClient(server, server.cast.bob.token)
  const mallory = publishedClient(server, server.cast.mallory.token)

  const connected = await bob.connect("chat", room, {})
  await expect(bob.send("chat", room, connected.token, { content: "" })).rejects.toThrow()
  const refused = await mallory.connect("chat", room, {})

  expect(refused).toMatchObject({
    success: false,
    error: { fault: "client", message: "You are not a member of this server" },
  })
  expect((await mallory.query("getMessages", { channelId: room.channelId })).error?.code).toBe(403)
  bob.disconnect()
})

test("the wire ignores cookies, and pages of other sites may not use it", async () => {
  using server = await createTestServer()
  const cookie = await server.visitor(server.cast.alice).cookie()
  const ask = (headers: Record<string, string>) =>
    fetch(`${server.origin}/api/covenant?type=procedure`, {
      method: "POST",
      headers,
      body: JSON.stringify({ procedure: "getServers", inputs: null }),
    })

  expect((await ask({ authorization: `Bearer ${server.cast.alice.token}` })).status).toBe(201)
  expect((await ask({ cookie })).status).toBe(401)
  expect((await ask({ cookie, origin: "https://evil.example" })).status).toBe(403)
})

test("a request refused before its body is read has an answer that clients can parse", async () => {
  using server = await createTestServer()
  const alice = publishedClient(server, server.cast.alice.token)
  const long = "x".repeat(100_000)
  const ask = (query: string, body: string, method = "POST") =>
    fetch(`${server.origin}/api/covenant${query}`, { method, ...(method === "POST" && { body }) })

  expect((await alice.mutate("createServer", { name: long })).error?.code).toBe(413)
  expect((await alice.connect("chat", server.room, { username: long })) as object).toMatchObject({
    success: false,
    error: { fault: "client", message: expect.stringContaining("64 KB") },
  })
  const call = '{"procedure":"getServers","inputs":null}'
  const answers = [ask("", call), ask("?type=channel", call), ask("?type=connect", "{"), ask("", "", "GET")]
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  expect(statuses).toEqual([401, 404, 400, 405])
  alice.disconnect()
})

test("a closed socket leaves nothing behind", async () => {
  using server = await createTestServer()
  const { sidekick } = server.chat
  const before = sidekick.stats()
  const bob = publishedClient(server, server.cast.bob.token)
  const connected = await bob.connect("chat", server.room, {})
  await bob.subscribe("chat", server.room, connected.token, () => {})
  await until("bob is connected", () => sidekick.stats().connections === before.connections + 1)

  bob.disconnect()

  await until("the connection is gone", () => sidekick.stats().connections === before.connections)
  expect(sidekick.stats().clients).toBe(before.clients)
})

test("two thousand closed connections leave nothing behind", async () => {
  using server = await createTestServer()
  const { sidekick } = server.chat
  const before = sidekick.stats()
  const target = { origin: server.origin, token: server.cast.bob.token, room: server.room }

  for (let made = 0; made < 2000; made += 40) {
    await Promise.all(Array.from({ length: 40 }, (_, number) => connectAndLeave(target, number)))
  }

  await until("all clients are gone", () => sidekick.stats().clients === before.clients, 20_000)
  // A tenth never used their token; those tokens expire after a minute.
  const { tokens, ...rest } = sidekick.stats()
  const { tokens: _, ...nothing } = before
  expect(rest).toEqual(nothing)
  expect(tokens).toBe(200)
})
