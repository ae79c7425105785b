// A program by someone who has read about Covenant's chat and installed its client, and knows nothing else of this
// project: it imports no file of it. It runs with the server's address as argument, and its last line says "done".
import assert from "node:assert/strict"
import { setTimeout as sleep } from "node:timers/promises"
import { CovenantClient } from "@covenant-rpc/client"
import { httpClientToServer, httpClientToSidekick } from "@covenant-rpc/client/interfaces/http"
import { channel, declareCovenant, mutation, query } from "@covenant-rpc/core"
import { z } from "zod"

// covenant.ts: the contract, as the page tells it.
const Server = z.object({ id: z.string(), name: z.string(), ownerId: z.string(), createdAt: z.date() })
const Channel = z.object({ id: z.string(), serverId: z.string(), name: z.string(), createdAt: z.date() })
const Message = z.object({
  id: z.string(),
  channelId: z.string(),
  userId: z.string(),
  username: z.string(),
  content: z.string(),
  createdAt: z.date(),
})
type Message = z.infer<typeof Message>

const covenant = declareCovenant({
  procedures: {
    login: mutation({
      input: z.object({ username: z.string(), password: z.string() }),
      output: z.object({ token: z.string(), userId: z.string(), username: z.string() }),
    }),
    getServers: query({ input: z.null(), output: z.array(Server) }),
    createServer: mutation({ input: z.object({ name: z.string() }), output: Server }),
    getChannels: query({ input: z.object({ serverId: z.string() }), output: z.array(Channel) }),
    createChannel: mutation({
      input: z.object({ serverId: z.string(), name: z.string() }),
      output: Channel,
    }),
    getMessages: query({
      input: z.object({
        channelId: z.string(),
        limit: z.number().optional(),
        before: z.string().optional(),
      }),
      output: z.array(Message),
    }),
  },
  channels: {
    chat: channel({
      clientMessage: z.object({ content: z.string() }),
      serverMessage: z.object({
        id: z.string(),
        content: z.string(),
        username: z.string(),
        userId: z.string(),
        createdAt: z.date(),
      }),
      connectionRequest: z.object({ username: z.string() }),
      connectionContext: z.object({ userId: z.string(), username: z.string() }),
      params: ["serverId", "channelId"],
    }),
    presence: channel({
      clientMessage: z.object({ status: z.enum(["typing", "online", "idle"]) }),
      serverMessage: z.object({ userId: z.string(), status: z.string() }),
      connectionRequest: z.object({ username: z.string() }),
      connectionContext: z.object({ userId: z.string(), username: z.string() }),
      params: ["channelId"],
    }),
  },
})

// client.ts
const origin = process.argv[2] ?? "http://localhost:3000"

function createClient(token?: string) {
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {}
  return new CovenantClient(covenant, {
    serverConnection: httpClientToServer(`${origin}/api/covenant`, headers),
    sidekickConnection: httpClientToSidekick(origin.replace(/^http/, "ws")),
  })
}
type Client = ReturnType<typeof createClient>
type Chat = { serverId: string; channelId: string }

/** Waits as a test does: for what is to happen. */
async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !holds(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`In vain: ${what}`)
  }
}

/** The data of an answer that has to be a success. */
function dataOf<T>(result: { success: boolean; data: T | null; error: { message: string } | null }): T {
  assert.ok(result.success, result.error?.message ?? "")
  return result.data as T
}

async function example(name: string, run: () => Promise<void>): Promise<void> {
  await run()
  process.stdout.write(`${name}\n`)
}

// "Full user flow": two users log in.
const anonymous = createClient()
const login = async (username: string) => {
  const grant = dataOf(await anonymous.mutate("login", { username, password: "password" }))
  assert.equal(grant.username, username)
  return { ...grant, client: createClient(grant.token) }
}
const alice = await login("alice")
const bob = await login("bob")

/** The room both are in. */
const lobby = dataOf(await bob.client.query("getServers", null)).find(({ name }) => name === "Lobby")
assert.ok(lobby?.createdAt instanceof Date)
const general = dataOf(await bob.client.query("getChannels", { serverId: lobby.id }))[0]
assert.ok(general)
const here: Chat = { serverId: lobby.id, channelId: general.id }

const contentsOf = async (client: Client, { channelId }: Chat) =>
  dataOf(await client.query("getMessages", { channelId })).map(({ content }) => content)

/** "Client-side channel usage": connect, subscribe. */
async function enter(client: Client, params: Chat) {
  const result = await client.connect("chat", params, { username: "Alice" })
  assert.ok(result.success, result.error?.message ?? "")
  const heard: { content: string; username: string; createdAt: Date }[] = []
  const unsubscribe = await client.subscribe("chat", params, result.token, (message) => {
    heard.push(message)
  })
  // It does not say when it is subscribed, so its own message is the first that it receives.
  const send = (content: string) => client.send("chat", params, result.token, { content })
  return { heard, send, unsubscribe, token: result.token }
}

await example("a wrong password, and no token at all, are 401", async () => {
  const wrong = await anonymous.mutate("login", { username: "alice", password: "wrong" })
  assert.equal(wrong.error?.code, 401)
  assert.equal((await anonymous.query("getServers", null)).error?.code, 401)
})

let own: Chat | undefined
await example("a server and a channel are created, and listed with their dates", async () => {
  const server = dataOf(await alice.client.mutate("createServer", { name: "Book club" }))
  const created = dataOf(await alice.client.mutate("createChannel", { serverId: server.id, name: "novels" }))
  assert.equal(server.ownerId, alice.userId)
  assert.ok(created.createdAt instanceof Date)
  const channels = dataOf(await alice.client.query("getChannels", { serverId: server.id }))
  assert.ok(channels.some(({ id, serverId }) => id === created.id && serverId === server.id))
  own = { serverId: server.id, channelId: created.id }
})

await example("who is no member is refused everywhere", async () => {
  const { serverId, channelId } = own as Chat
  assert.equal((await bob.client.query("getChannels", { serverId })).error?.code, 403)
  assert.equal((await bob.client.query("getMessages", { channelId })).error?.code, 403)
  assert.equal((await bob.client.mutate("createChannel", { serverId, name: "mine" })).error?.code, 403)
  // "Pattern 2: handling connection failures"
  const refused = await bob.client.connect("chat", { serverId, channelId }, { username: "Bob" })
  assert.equal(refused.success, false)
  assert.equal(refused.error?.fault, "client")
  assert.match(refused.error?.message ?? "", /not a member/)
})

await example("a channel belongs to its server", async () => {
  const misled = await alice.client.connect(
    "chat",
    { serverId: here.serverId, channelId: (own as Chat).channelId },
    { username: "Alice" },
  )
  assert.deepEqual([misled.success, misled.error?.fault], [false, "client"])
  const stranger = await anonymous.connect("chat", here, { username: "Alice" })
  assert.deepEqual([stranger.success, stranger.error?.fault], [false, "client"])
})

await example("both connect, exchange messages live, and they are stored", async () => {
  const [ofAlice, ofBob] = [await enter(alice.client, here), await enter(bob.client, here)]
  await ofAlice.send("hello bob")
  await ofBob.send("hello alice")
  for (const { heard } of [ofAlice, ofBob]) {
    await eventually(() => heard.at(-1)?.content === "hello alice", "both hear the answer")
  }
  const last = ofAlice.heard.at(-1)
  assert.ok(last?.createdAt instanceof Date)
  // The name is the session's, not the one requested on connecting.
  assert.equal(last.username, "bob")
  assert.deepEqual((await contentsOf(alice.client, here)).slice(-2), ["hello bob", "hello alice"])
  ofAlice.unsubscribe()
  ofBob.unsubscribe()
})

await example("channel params provide scoping", async () => {
  const there = await enter(alice.client, own as Chat)
  const ofBob = await enter(bob.client, here)
  await there.send("only here")
  await ofBob.send("only there")
  await eventually(() => there.heard.length > 0 && ofBob.heard.length > 0, "each hears their own")
  assert.deepEqual(
    [there.heard, ofBob.heard].map((heard) => heard.map(({ content }) => content)),
    [["only here"], ["only there"]],
  )
  there.unsubscribe()
  ofBob.unsubscribe()
})

await example("history and live messages together are whole and without doubles", async () => {
  // "Pattern 1: loading chat history + realtime updates"; who subscribes first has no gap.
  const live = await enter(bob.client, here)
  await live.send("a message of the moment")
  await eventually(() => live.heard.length === 1, "he hears himself")
  const history = dataOf(await bob.client.query("getMessages", { channelId: here.channelId }))
  const all = new Map([...history, ...(live.heard as Message[])].map((message) => [message.id, message]))
  assert.equal(all.size, history.length)
  live.unsubscribe()
})

await example(
  "after cleaning up nothing is heard, and subscribing again hears each message once",
  async () => {
    // "Pattern 3: cleanup on unmount"
    const before = await enter(bob.client, here)
    await before.send("heard")
    await eventually(() => before.heard.length === 1, "he hears it")
    before.unsubscribe()
    const after = await enter(bob.client, here)
    await after.send("heard by the next only")
    await eventually(() => after.heard.length === 1, "the next hears it")
    assert.equal(before.heard.length, 1)
    after.unsubscribe()
  },
)

await example("messages are read in pages, back to the first", async () => {
  const pages: Message[][] = []
  for (let before: string | undefined; ; before = pages[0]?.[0]?.id) {
    const page = dataOf(
      await bob.client.query("getMessages", { channelId: here.channelId, limit: 2, before }),
    )
    if (page.length === 0) break
    assert.ok(page.length <= 2)
    pages.unshift(page)
  }
  const all = pages.flat().map(({ content }) => content)
  assert.deepEqual(all, await contentsOf(bob.client, here))
  assert.ok(pages.length > 2)
})

await example("presence tells who is typing", async () => {
  const params = { channelId: here.channelId }
  const [ofAlice, ofBob] = [
    await alice.client.connect("presence", params, { username: "Alice" }),
    await bob.client.connect("presence", params, { username: "Bob" }),
  ]
  assert.ok(ofAlice.success && ofBob.success)
  const heard: { userId: string; status: string }[] = []
  const off = await alice.client.subscribe("presence", params, ofAlice.token, (sign) => void heard.push(sign))
  // Ephemeral events do not reach clients that are not subscribed yet, so he types until she sees it.
  await eventually(() => {
    void bob.client.send("presence", params, ofBob.token, { status: "typing" })
    return heard.length > 0
  }, "she sees it")
  assert.deepEqual(heard[0], { ...heard[0], userId: bob.userId, status: "typing" })
  off()
})

await example("what was listened to is fetched again when somebody changed it", async () => {
  const seen: string[][] = []
  const room = await enter(bob.client, here)
  await room.send("I am here")
  const stop = bob.client.listen(
    "getChannels",
    { serverId: here.serverId },
    ({ data }) => void seen.push((data ?? []).map(({ name }) => name)),
    true,
  )
  await eventually(() => seen.length > 0, "it is fetched")
  let number = 0
  await eventually(() => {
    const name = `channel ${number++}`
    if (number % 20 === 1) void alice.client.mutate("createChannel", { serverId: here.serverId, name })
    return (seen.at(-1)?.length ?? 0) > (seen[0]?.length ?? 0)
  }, "he sees the new channel")
  stop()
  room.unsubscribe()
})

await example("who sends too much is refused, and what was stored before stays", async () => {
  const { heard, send, unsubscribe } = await enter(alice.client, own as Chat)
  await send("flood 0")
  await eventually(() => heard.length > 0, "the first is stored")
  const reasons: unknown[] = []
  let sent = 1
  // The client takes a message for sent when no error comes within 100 ms: a slow server refuses a later one to it.
  await eventually(() => {
    send(`flood ${sent++}`).catch((reason) => reasons.push(reason))
    return reasons.length > 0
  }, "one is refused")
  assert.match(String(reasons[0]), /too fast/i)
  const stored = (await contentsOf(alice.client, own as Chat)).filter((content) =>
    content.startsWith("flood"),
  )
  assert.deepEqual(
    stored,
    stored.toSorted((a, b) => Number(a.slice(6)) - Number(b.slice(6))),
  )
  assert.ok(stored.length > 0 && stored.length < sent)
  unsubscribe()
})

for (const { client } of [alice, bob]) client.disconnect()
anonymous.disconnect()
process.stdout.write("done\n")
