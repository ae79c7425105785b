import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { covenant } from "../../src/covenant.ts"
import { operationsOf } from "../../src/features/api/operations.ts"
import { sectionsOf } from "../../src/features/api/sections.ts"
import { features } from "../../src/features/index.ts"
import { createExampleWorld } from "../support/example-world.ts"
import { find } from "../support/html.ts"
import { until } from "../support/listen.ts"
import { clientOf, enter, type PublishedClient, patience } from "../support/published.ts"
import { setOverwrite } from "../support/rights.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { untouched } from "../support/untouched.ts"

// The unmodified client from npm against a running server: every entry of the contract over the wire.
setDefaultTimeout(60_000)

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
