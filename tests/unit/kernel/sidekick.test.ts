import { describe, expect, test } from "bun:test"
import { type ConnectionSelector, resourceTopic, topicOf } from "../../../src/kernel/index.ts"
import { maxResourcesPerClient } from "../../../src/kernel/sidekick/client-listening.ts"
import { createWire } from "./raw-wire.ts"
import { cellar, createChat, lobby, settle, until } from "./support.ts"

const empty = { tokens: 0, connections: 0, topics: 0, clients: 0, listeners: 0 }

test("a listener hears of the resources that it chooses by name", async () => {
  const { sidekick } = createChat()
  const server = sidekick.getConnectionFromServer()
  const heard: string[] = []
  sidekick.listenToResources({
    listensTo: (name) => name.startsWith("a:%"),
    updated: (name) => void heard.push(name),
  })
  sidekick.listenToResources({
    listensTo: () => false,
    updated() {
      throw new Error("This one fails")
    },
  })

  await server.update(["a:%b", "c", "a:%b"])

  expect(heard).toEqual(["a:%b", "c"])
  const names = [resourceTopic("a:%b"), resourceTopic("c"), topicOf("a:%b", {})]
  expect(names.map((name) => sidekick.hasSubscribers(name))).toEqual([true, false, false])
})

describe("claimed connections", () => {
  test("receive, send, and close", async () => {
    const chat = createChat()
    const heard: unknown[] = []
    const token = await chat.tokenFor("alice", lobby)
    const connection = chat.sidekick.claim(token, { onMessage: (data) => heard.push(data) })
    expect(connection).toMatchObject({ channel: "room", params: lobby, context: { userId: "alice" } })

    expect(await connection?.send({ text: "hello" })).toBeNull()
    expect(await connection?.send({ text: "" })).toMatchObject({ fault: "client", code: 400 })
    connection?.close()
    await chat.post(lobby, "after")

    expect(heard).toEqual([{ text: "hello", from: "alice", at: new Date(0) }])
    expect(await connection?.send({ text: "after" })).toMatchObject({ fault: "client", code: 410 })
    expect(chat.processed).toEqual(["hello"])
  })
})

describe("eviction", () => {
  test("ends all connections of a user at every node, and no others", async () => {
    const chat = createChat()
    const reasons: unknown[] = []
    const heard: string[] = []
    const onMessage = () => heard.push("mallory")
    const onEvict = (reason: unknown) => reasons.push(reason)
    const claimed = chat.sidekick.claim(await chat.tokenFor("mallory", lobby), { onEvict, onMessage })
    const held = createWire(chat)
    const heldToken = await chat.tokenFor("mallory", cellar)
    held.wire.sendMessage({ type: "subscribe", token: heldToken })
    const unused = await chat.tokenFor("mallory", lobby)
    const alice = createWire(chat)
    alice.wire.sendMessage({ type: "subscribe", token: await chat.tokenFor("alice", lobby) })

    const ended = chat.sidekick.evict(
      { channel: "room", params: { serverId: "s1" }, context: { userId: "mallory" } },
      { code: 403, message: "You were removed" },
    )
    await chat.post(lobby, "behind their back")
    await chat.post(cellar, "behind their back")
    held.wire.sendMessage({
      type: "send",
      token: heldToken,
      channel: "room",
      params: cellar,
      data: { text: "but" },
    })

    expect(ended).toBe(2)
    expect(reasons).toEqual([{ code: 403, message: "You were removed" }])
    expect(held.frames.slice(1)).toMatchObject([
      {
        type: "error",
        token: heldToken,
        error: { params: cellar, fault: "client", code: 403, message: "You were removed" },
      },
      // A later send is refused with the same reason, not with an unknown token.
      { type: "error", error: { fault: "client", code: 403, message: "You were removed" } },
    ])
    expect(await claimed?.send({ text: "but" })).toMatchObject({ fault: "client", code: 403 })
    expect(chat.sidekick.claim(unused)).toBeNull()
    expect(heard).toEqual([])
    expect(chat.processed).toEqual([])
    expect(alice.types()).toEqual(["subscribed", "message"])
  })

  const everyone = ["alice", "bob", "mallory"]
  const selections: { which: ConnectionSelector; left: string[] }[] = [
    { which: {}, left: [] },
    { which: { channel: "elsewhere" }, left: everyone },
    { which: { params: { roomId: "lobby" } }, left: [] },
    { which: { params: { roomId: "attic" } }, left: everyone },
    { which: { anyParam: { roomId: ["attic", "lobby"] } }, left: [] },
    { which: { anyParam: { roomId: ["attic"], serverId: ["s2"] } }, left: everyone },
    { which: { context: { userId: "bob" } }, left: ["alice", "mallory"] },
    { which: { context: { userId: "bob" }, anyParam: { roomId: ["attic"] } }, left: everyone },
    { which: { context: { userId: "bob", nobody: "has this" } }, left: everyone },
    { which: { anyContext: { userId: ["alice", "bob"] } }, left: ["mallory"] },
    { which: { anyContext: { userId: ["bob"], nobody: ["has this"] } }, left: everyone },
    { which: { exceptContext: { userId: "bob" } }, left: ["bob"] },
    { which: { context: { userId: "bob" }, exceptContext: { userId: "bob" } }, left: everyone },
  ]
  test.each(selections)("the selector $which leaves $left", async ({ which, left }) => {
    const chat = createChat()
    const open = new Set(everyone)
    for (const user of everyone) {
      chat.sidekick.claim(await chat.tokenFor(user, lobby), { onEvict: () => open.delete(user) })
    }

    const ended = chat.sidekick.evict(which, { code: 403, message: "You were removed" })

    expect([...open]).toEqual(left)
    expect(ended).toBe(everyone.length - left.length)
    expect(chat.sidekick.stats().connections).toBe(left.length)
  })

  test("nothing is delivered even while the evicted holders are being notified", async () => {
    const chat = createChat()
    const heard: string[] = []
    const onEvict = () => void chat.post(lobby, "from the hook")
    chat.sidekick.claim(await chat.tokenFor("bob", lobby), { onEvict })
    const held = createWire(chat)
    held.wire.sendMessage({ type: "subscribe", token: await chat.tokenFor("bob", lobby) })
    chat.sidekick.subscribe("room", lobby, () => heard.push("tap"))

    chat.sidekick.evict({ channel: "room" }, { code: 404, message: "The room is gone" })

    expect(heard).toEqual(["tap"])
    expect(held.types()).toEqual(["subscribed", "error"])
  })
})

describe("resources", () => {
  test("listen, get updates, unlisten, get no more", async () => {
    const chat = createChat()
    const { wire, frames, types } = createWire(chat)

    wire.sendMessage({ type: "listen", resources: ["notes/a", "notes/a"] })
    await until(() => frames.length === 1)
    await chat.server.updateResources(["notes/a", "notes/a", "notes/b"])
    wire.sendMessage({ type: "unlisten", resources: ["notes/a"] })
    await until(() => types().includes("unlistening"))
    await chat.server.updateResources(["notes/a"])

    expect(frames).toEqual([
      { type: "listening", resources: ["notes/a"] },
      { type: "updated", resource: "notes/a" },
      { type: "unlistening", resources: ["notes/a"] },
    ])
  })

  test("mayListen decides by identity and contexts; a refused resource gets an error and no updates", async () => {
    const asked: unknown[] = []
    const chat = createChat({
      mayListen: async (question) => {
        asked.push(question)
        return question.resource === "notes/a"
      },
    })
    const { wire, frames } = createWire(chat, "alice")
    wire.sendMessage({ type: "subscribe", token: await chat.tokenFor("alice", lobby) })

    wire.sendMessage({ type: "listen", resources: ["secret", "notes/a"] })
    await until(() => frames.length === 3)
    await chat.server.updateResources(["secret"])

    expect(asked[0]).toEqual({ resource: "secret", identity: "alice", contexts: [{ userId: "alice" }] })
    expect(frames.slice(1)).toMatchObject([
      { type: "error", error: { fault: "client", code: 403 } },
      { type: "listening", resources: ["notes/a"] },
    ])
    expect(frames).toHaveLength(3)
  })

  test("the number of resources per client is limited", async () => {
    const chat = createChat()
    const { wire, frames } = createWire(chat)
    const resources = Array.from({ length: maxResourcesPerClient + 1 }, (_, index) => `notes/${index}`)

    wire.sendMessage({ type: "listen", resources })
    await until(() => frames.length === 2)
    await chat.server.updateResources(resources.slice(-1))

    expect(frames).toMatchObject([
      { type: "error", error: { fault: "client", code: 429 } },
      { type: "listening", resources: resources.slice(0, -1) },
    ])
    expect(frames).toHaveLength(2)
  })

  test("an unlisten is processed after the listen before it, however long that takes", async () => {
    const decision = Promise.withResolvers<boolean>()
    const chat = createChat({ mayListen: () => decision.promise })
    const { wire, types } = createWire(chat)

    wire.sendMessage({ type: "listen", resources: ["notes/a"] })
    wire.sendMessage({ type: "unlisten", resources: ["notes/a"] })
    decision.resolve(true)
    await until(() => types().length === 2)
    await chat.server.updateResources(["notes/a"])

    expect(types()).toEqual(["listening", "unlistening"])
    expect(chat.sidekick.stats().listeners).toBe(0)
  })
})

test("nothing is left when all clients are gone", async () => {
  const chat = createChat()
  const { wire, frames } = createWire(chat)
  wire.sendMessage({ type: "subscribe", token: await chat.tokenFor("alice", lobby) })
  wire.sendMessage({ type: "listen", resources: ["notes/a"] })
  const claimed = chat.sidekick.claim(await chat.tokenFor("bob", cellar), { onMessage: () => {} })
  const off = chat.sidekick.subscribe("room", lobby, () => {})
  await until(() => frames.length === 2)
  expect(chat.sidekick.stats()).toEqual({ tokens: 0, connections: 2, topics: 2, clients: 1, listeners: 1 })

  wire.close()
  claimed?.close()
  off()
  await chat.post(lobby, "into the void")
  wire.sendMessage({ type: "listen", resources: ["notes/a"] })
  await settle()

  expect(chat.sidekick.stats()).toEqual(empty)
  expect(frames).toHaveLength(2)
})

test("a client that closes while a decision is pending listens to nothing", async () => {
  const decision = Promise.withResolvers<boolean>()
  const chat = createChat({ mayListen: () => decision.promise })
  const { wire } = createWire(chat)

  wire.sendMessage({ type: "listen", resources: ["notes/a"] })
  await settle()
  wire.close()
  decision.resolve(true)
  await settle()

  expect(chat.sidekick.stats()).toEqual(empty)
})
