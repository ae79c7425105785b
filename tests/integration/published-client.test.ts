import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { covenant } from "../../src/covenant.ts"
import { operationsOf } from "../../src/features/api/operations.ts"
import { sectionsOf } from "../../src/features/api/sections.ts"
import { features } from "../../src/features/index.ts"
import { expectData } from "../support/chat.ts"
import { createExampleWorld } from "../support/example-world.ts"
import { find } from "../support/html.ts"
import { until } from "../support/listen.ts"
import { enter, type PublishedClient, publishedClient } from "../support/published.ts"
import { setOverwrite } from "../support/rights.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { untouched } from "../support/untouched.ts"

// The unmodified client from npm against a running server: every entry of the contract over the wire.
setDefaultTimeout(60_000)
const patience = 20_000

type Name = "alice" | "bob" | "mallory"

function clientOf({ origin, cast }: TestServer, name?: Name) {
  return publishedClient({
    origin,
    sidekick: origin.replace("http", "ws"),
    token: name && cast[name].token,
  })
}

const sections = await sectionsOf(features)

describe("every procedure", () => {
  const documented = sections.flatMap(({ procedures }) => Object.entries(procedures ?? {}))
  const names = Object.keys(covenant.procedures)

  test("has a documented example", () => {
    expect(documented.map(([name]) => name).toSorted()).toEqual(names.toSorted())
    expect(operationsOf(sections, covenant.procedures).length).toBeGreaterThanOrEqual(names.length)
  })

  const inWorld = untouched(() => createExampleWorld())

  test.each(documented)("%s answers as documented", async (name, doc) => {
    const example = doc.examples.find(({ output }) => output !== undefined)
    if (!example) throw new Error(`${name} has no example that works`)
    await inWorld(async (world) => {
      await world.prepareFor(name)
      const ids = [...world.names]
      const input = JSON.parse(
        ids.reduce(
          (text, [sample, id]) => text.replaceAll(sample, id),
          JSON.stringify(example.input ?? null),
        ),
        // On this wire dates are dates. An id is text, even one that looks like a date.
        (key, value: unknown) => (isTime(value) && !key.endsWith("Id") ? new Date(value) : value),
      )
      const { by = "alice" } = example
      const client = clientOf(world, by ?? undefined)
      const kind = covenant.procedures[name as keyof typeof covenant.procedures].type

      const result = await (kind === "query" ? client.query(name, input) : client.mutate(name, input))
      client.disconnect()

      expect(result.error).toBeNull()
      expect(likenessOf(result.data)).toEqual(likenessOf(example.output))
      expect(result.success).toBe(true)
    })
  })
})

/** By channel of the contract: something bob does that alice receives. */
const channels: Record<keyof typeof covenant.channels, (server: TestServer) => Exchange> = {
  chat: ({ room }) => ({
    params: room,
    act: (client, token) => client.send("chat", room, token, { content: "hello" }),
    hears: { content: "hello", username: "bob", createdAt: expect.any(Date), editedAt: null },
  }),
  presence: ({ room: { channelId }, cast }) => ({
    params: { channelId },
    act: (client, token) => client.send("presence", { channelId }, token, { status: "typing" }),
    hears: { userId: cast.bob.id, username: "bob", status: "typing" },
  }),
  activity: ({ room, general }) => ({
    params: { serverId: room.serverId },
    async act(client) {
      const { token } = await client.connect("chat", room, {})
      await client.send("chat", room, token, { content: "news" })
    },
    hears: { news: [expect.objectContaining({ channelId: general.id })] },
  }),
  channelActivity: (server) => ({
    params: { channelId: server.general.id },
    async act(client) {
      const { room, cast } = server
      const hidden = { channelId: room.channelId, targetId: cast.mallory.id, kind: "member" } as const
      await setOverwrite(server, { ...hidden, deny: ["viewChannel"] })
      const { token } = await client.connect("chat", room, {})
      await client.send("chat", room, token, { content: "news" })
    },
    hears: { news: [expect.objectContaining({ channelId: server.general.id })] },
  }),
}

interface Exchange {
  params: object
  act(client: PublishedClient, token: string): unknown
  hears: object
}

describe("every channel", () => {
  test.each(Object.keys(covenant.channels) as (keyof typeof channels)[])("%s", async (channel) => {
    using server = await createTestServer()
    const { params, act, hears } = channels[channel](server)
    const [alice, bob] = [clientOf(server, "alice"), clientOf(server, "bob")]
    const heard: object[] = []
    const [ofAlice, ofBob] = [
      await alice.connect(channel, params, {}),
      await bob.connect(channel, params, {}),
    ]
    const off = await alice.subscribe(channel, params, ofAlice.token, (message) => void heard.push(message))
    const isTold = (type: string) => alice.frames.some((frame) => frame.type === type)
    await until("alice is subscribed", () => isTold("subscribed"), patience)

    await act(bob, ofBob.token)
    await until("alice received it", () => heard.length > 0, patience)
    expect(heard[0]).toEqual(expect.objectContaining(hears))
    expect(alice.faults().concat(bob.faults())).toEqual([])

    off()
    await until("the subscription has ended", () => isTold("unsubscribed"), patience)
    const before = heard.length
    await act(bob, ofBob.token)
    expect(heard).toHaveLength(before)
    alice.disconnect()
    bob.disconnect()
  })
})

describe("listen", () => {
  test("fetches again after someone else's change, with dates as Date, and not after it ended", async () => {
    using server = await createTestServer()
    const { lab, cast } = server
    const bob = clientOf(server, "bob")
    await enter(bob, server.room)
    const seen: { name: string; createdAt: Date }[][] = []
    const stop = bob.listen("getChannels", { serverId: lab.id }, ({ data }) => void seen.push(data), true)
    await until("bob listens", () => server.chat.sidekick.stats().listeners === 1, patience)

    const create = async (name: string) =>
      expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name }))
    await create("news")
    await until(
      "bob sees the change",
      () => seen.at(-1)?.some(({ name }) => name === "news") ?? false,
      patience,
    )
    expect(seen.at(-1)?.every(({ createdAt }) => createdAt instanceof Date)).toBe(true)
    stop()
    await until("bob does not listen any more", () => server.chat.sidekick.stats().listeners === 0, patience)
    const before = seen.length
    await create("unseen")

    expect(seen).toHaveLength(before)
    bob.disconnect()
  })

  test("to a channel's messages fetches again after a message over any transport", async () => {
    using server = await createTestServer()
    const bob = clientOf(server, "bob")
    const { channelId } = server.room
    await enter(bob, server.room)
    const seen: string[][] = []
    bob.listen("getMessages", { channelId }, ({ data }) => void seen.push(contentsIn(data)), true)
    await until("bob listens", () => server.chat.sidekick.stats().listeners === 1, patience)

    const posted = await server.as("alice").post(`${server.roomPath}/messages`, { content: "from a page" })
    expect(posted.status).toBe(303)

    await until("bob sees the change", () => seen.at(-1)?.includes("from a page") ?? false, patience)
    bob.disconnect()
  })

  test("waits until a token is used, and then begins by itself", async () => {
    using server = await createTestServer()
    const { lab, cast } = server
    const [bob, mallory] = [clientOf(server, "bob"), clientOf(server, "mallory")]
    const seen: string[][] = []
    bob.listen("getChannels", { serverId: lab.id }, ({ data }) => void seen.push(namesIn(data)), true)
    mallory.listen("getServers", null, () => {}, true)
    await until("bob is asked to connect", () => bob.faults().length === 1, patience)
    expect(bob.faults()[0]).toMatchObject({ fault: "client", code: 401 })
    expect(server.chat.sidekick.stats().listeners).toBe(0)

    await enter(bob, server.room)
    await until("bob listens", () => server.chat.sidekick.stats().listeners === 1, patience)
    expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "news" }))
    await until("bob sees the change", () => seen.at(-1)?.includes("news") ?? false, patience)

    bob.disconnect()
    mallory.disconnect()
  })

  test("to resources of others is refused", async () => {
    using server = await createTestServer()
    const mallory = clientOf(server, "mallory")
    const own = expectData(await server.cast.mallory.client.mutate("createServer", { name: "Den" }))
    const created = { serverId: own.id, name: "den" }
    const den = expectData(await server.cast.mallory.client.mutate("createChannel", created))
    await enter(mallory, { serverId: own.id, channelId: den.id })
    const { sidekickConnection } = mallory as never as {
      sidekickConnection: { sendMessage(frame: object): void }
    }

    const { lab, cast, general } = server
    const resources = [
      `channels/server/${lab.id}`,
      `messages/channel/${general.id}`,
      `servers/user/${cast.bob.id}`,
      "nonsense",
    ]
    sidekickConnection.sendMessage({ type: "listen", resources })
    await until("mallory is refused", () => mallory.faults().length === resources.length, patience)

    expect(mallory.faults().map(({ code }) => code)).toEqual([403, 403, 403, 403])
    expect(server.chat.sidekick.stats().listeners).toBe(0)
    mallory.disconnect()
  })
})

describe("a refusal", () => {
  test("by a procedure has its code and the invalid fields", async () => {
    using server = await createTestServer()
    const { lab, room } = server
    const [stranger, mallory, bob] = [clientOf(server), clientOf(server, "mallory"), clientOf(server, "bob")]
    const codes = [
      await stranger.query("getServers", null),
      await stranger.mutate("login", { username: "alice", password: "wrong" }),
      await mallory.query("getMessages", { channelId: room.channelId }),
      await bob.query("getMessages", { channelId: "nowhere" }),
      await bob.query("getMessages", { channelId: room.channelId, limit: 0 }),
      await bob.query("getMessages", { channelId: room.channelId, before: "a", after: "b" }),
      await bob.mutate("createChannel", { serverId: lab.id, name: "" }),
      await bob.query("noSuchProcedure", null).catch(() => ({ error: { code: 404 } })),
    ].map(({ error }) => error?.code)

    expect(codes).toEqual([401, 401, 403, 404, 400, 400, 400, 404])
    for (const client of [stranger, mallory, bob]) client.disconnect()
  })

  test("of a connect has its fault and a reason", async () => {
    using server = await createTestServer()
    const { room } = server
    const [stranger, mallory, bob] = [clientOf(server), clientOf(server, "mallory"), clientOf(server, "bob")]
    const refusals = [
      await stranger.connect("chat", room, {}),
      await mallory.connect("chat", room, {}),
      await bob.connect("chat", { ...room, serverId: "elsewhere" }, {}),
      await bob.connect("chat", { channelId: room.channelId }, {}),
      await bob.connect("chat", room, { after: "yesterday" }),
      await bob.connect("noSuchChannel", room, {}),
    ]

    expect(refusals.map(({ success, error }) => [success, error?.fault, error?.message])).toEqual([
      [false, "client", "Log in first"],
      [false, "client", "You are not a member of this server"],
      [false, "client", "There is no such channel"],
      [false, "client", expect.stringContaining("serverId, channelId")],
      [false, "client", expect.stringContaining("after")],
      [false, "client", expect.stringContaining("noSuchChannel")],
    ])
    for (const client of [stranger, mallory, bob]) client.disconnect()
  })

  test("of a message says why", async () => {
    using server = await createTestServer()
    const { room, cast, lab } = server
    const bob = clientOf(server, "bob")
    const there = await enter(bob, room)
    const other = expectData(
      await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "other" }),
    )
    const elsewhere = { ...room, channelId: other.id }

    expect(await refusalOf(bob, () => there.send(""))).toContain("Write something")
    // The token decides where a message goes, not the frame.
    const toElsewhere = () => bob.send("chat", elsewhere, there.token, { content: "hi" })
    expect(await refusalOf(bob, toElsewhere)).toContain("another channel")
    const asPresence = () => bob.send("presence", room, there.token, { status: "typing" })
    expect(await refusalOf(bob, asPresence)).toContain("another channel")
    const stolen = clientOf(server, "mallory")
    const withStolen = () => stolen.send("chat", room, there.token, { content: "hi" })
    expect(await refusalOf(stolen, withStolen)).toContain("in use elsewhere")

    await there.send("fine")
    await until("it is stored", () => there.heard.length === 1, patience)
    const { data } = await bob.query("getMessages", { channelId: room.channelId })
    expect((data as { content: string }[]).map(({ content }) => content)).toEqual(["fine"])
    bob.disconnect()
    stolen.disconnect()
  })

  test("after an eviction has the eviction's reason, not an unknown token", async () => {
    using server = await createTestServer()
    const { lab, cast, room } = server
    const bob = clientOf(server, "bob")
    const there = await enter(bob, room)

    expectData(await cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id }))
    await until("bob is refused", () => bob.faults().length === 1, patience)

    const refusal = await refusalOf(bob, () => there.send("still here"))
    expect(refusal).toBe("You are no longer a member of this server")
    bob.disconnect()
  })
})

/** Why a message was refused. The client itself takes it for stored after a tenth of a second, which a busy machine exceeds. */
async function refusalOf(client: ReturnType<typeof clientOf>, send: () => Promise<void>): Promise<string> {
  const before = client.frames.length
  const refusal = () => client.frames.slice(before).find(({ error }) => error)?.error
  await send().catch(() => {})
  await until("it is refused", () => refusal() !== undefined, patience)
  return refusal()?.message ?? ""
}

test("a message may be sent before subscribing, and reaches all subscribers", async () => {
  using server = await createTestServer()
  const { room } = server
  const [alice, bob] = [clientOf(server, "alice"), clientOf(server, "bob")]
  const ofBob = await enter(bob, room)
  const { token } = await alice.connect("chat", room, { username: "somebody else" })

  await alice.send("chat", room, token, { content: "hello" })
  await until("bob received it", () => ofBob.heard.length === 1, patience)

  // The identity comes from the session.
  expect(ofBob.heard[0]).toMatchObject({ content: "hello", username: "alice" })
  alice.disconnect()
  bob.disconnect()
})

test("a program announces its status, and others get its changes", async () => {
  using server = await createTestServer()
  const { channelId } = server.room
  const [alice, bob] = [clientOf(server, "alice"), clientOf(server, "bob")]
  const statuses: string[] = []
  const ofAlice = await alice.connect("presence", { channelId }, {})
  const ofBob = await bob.connect("presence", { channelId }, {})
  const hear = ({ userId, status }: { userId: string; status: string }) =>
    userId === server.cast.bob.id && statuses.push(status)
  await alice.subscribe("presence", { channelId }, ofAlice.token, hear)
  await until("alice is subscribed", () => alice.frames.length > 0, patience)

  for (const status of ["online", "online", "idle", "online"]) {
    await bob.send("presence", { channelId }, ofBob.token, { status })
  }

  await until("alice received it", () => statuses.length === 3, patience)
  expect(statuses).toEqual(["online", "idle", "online"])
  const page = await (await server.as("alice").get(server.roomPath)).text()
  expect(find(page, `#presence-${server.cast.bob.id}[data-status="online"]`).length).toBeGreaterThan(0)
  alice.disconnect()
  bob.disconnect()
})

test("missed messages follow the subscription for the published client too", async () => {
  using server = await createTestServer()
  const { room } = server
  const alice = await enter(clientOf(server, "alice"), room)
  for (const content of ["one", "two", "three"]) await alice.send(content)

  const bob = clientOf(server, "bob")
  const { token } = await bob.connect("chat", room, { after: 1 })
  const heard: string[] = []
  await bob.subscribe("chat", room, token, ({ content }: { content: string }) => void heard.push(content))
  await until("bob has caught up", () => heard.length === 2, patience)
  await alice.send("four")
  await until("bob gets live messages", () => heard.length === 3, patience)

  expect(heard).toEqual(["two", "three", "four"])
  expect(bob.frames[0]?.type).toBe("subscribed")
  bob.disconnect()
})

/** The structure of an answer without its changing values; a date must be a `Date`. */
function likenessOf(value: unknown): unknown {
  if (value instanceof Date || isTime(value))
    return value instanceof Date || typeof value === "string" ? "a time" : value
  if (Array.isArray(value)) return value.map(likenessOf)
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, likenessOf(one)]))
  }
  return typeof value === "string" ? typeof value : value
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
}

function contentsIn(data: { content: string }[]): string[] {
  return data.map(({ content }) => content)
}

function namesIn(data: { name: string }[]): string[] {
  return data.map(({ name }) => name)
}
