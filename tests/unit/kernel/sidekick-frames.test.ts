import { describe, expect, test } from "bun:test"
import { InternalSidekick } from "../../../src/kernel/index.ts"
import { maxUnusedTokens, tokenTtlMs } from "../../../src/kernel/sidekick/grants.ts"
import { maxConnectionsPerClient } from "../../../src/kernel/sidekick/sidekick-client.ts"
import { createWire } from "./raw-wire.ts"
import { cellar, createChat, lobby, settle, until } from "./support.ts"

describe("frames", () => {
  test("subscribe, receive, unsubscribe, receive no more", async () => {
    const chat = createChat()
    const { wire, frames, types } = createWire(chat)
    const token = await chat.tokenFor("alice", lobby)

    wire.sendMessage({ type: "subscribe", token })
    await chat.post(lobby, "one")
    wire.sendMessage({ type: "unsubscribe", token })
    await chat.post(lobby, "two")

    expect(types()).toEqual(["subscribed", "message", "unsubscribed"])
    expect(frames[1]).toEqual({
      type: "message",
      channel: "room",
      params: lobby,
      data: { text: "one", from: "server", at: new Date(0) },
    })
  })

  test("a message reaches only equal params", async () => {
    const chat = createChat()
    const inLobby = createWire(chat)
    const inCellar = createWire(chat)
    inLobby.wire.sendMessage({ type: "subscribe", token: await chat.tokenFor("alice", lobby) })
    inCellar.wire.sendMessage({ type: "subscribe", token: await chat.tokenFor("bob", cellar) })

    await chat.post({ roomId: "lobby", serverId: "s1" }, "hello")

    expect(inLobby.types()).toEqual(["subscribed", "message"])
    expect(inCellar.types()).toEqual(["subscribed"])
  })

  test("a thousand posts arrive in order, also when a subscriber posts in between", async () => {
    const chat = createChat()
    const heard: unknown[] = []
    chat.sidekick.subscribe("room", lobby, (data) => {
      if (JSON.stringify(data).includes('"0"')) void chat.post(lobby, "echo")
    })
    chat.sidekick.subscribe("room", lobby, (data) => heard.push((data as { text: string }).text))

    await Promise.all(Array.from({ length: 1000 }, (_, index) => chat.post(lobby, String(index))))

    const expected = Array.from({ length: 1000 }, (_, index) => String(index))
    expect(heard).toEqual(["0", "echo", ...expected.slice(1)])
  })

  test("a client with two tokens for one topic gets each message once", async () => {
    const chat = createChat()
    const { wire, types } = createWire(chat)
    const [first, second] = [await chat.tokenFor("alice", lobby), await chat.tokenFor("alice", lobby)]
    wire.sendMessage({ type: "subscribe", token: first })
    wire.sendMessage({ type: "subscribe", token: second })

    await chat.post(lobby, "once")
    wire.sendMessage({ type: "unsubscribe", token: first })
    await chat.post(lobby, "still once")

    expect(types()).toEqual(["subscribed", "subscribed", "message", "unsubscribed", "message"])
  })

  test("send works before subscribe, and is answered if it has a ref", async () => {
    const chat = createChat()
    const { wire, frames } = createWire(chat)
    const token = await chat.tokenFor("alice", lobby)
    const send = { type: "send", token, channel: "room", params: lobby } as const

    wire.sendMessage({ ...send, data: { text: "quiet" } })
    wire.sendMessage({ ...send, data: { text: "acknowledged" }, ref: "1" })
    wire.sendMessage({ ...send, data: { text: "flood" }, ref: "2" })
    await until(() => frames.length === 2)
    await settle()

    expect(chat.processed).toEqual(["quiet", "acknowledged"])
    expect(frames).toContainEqual({ type: "sent", ref: "1" })
    expect(frames).toContainEqual({
      type: "error",
      ref: "2",
      error: {
        channel: "room",
        params: lobby,
        fault: "client",
        message: "Slow down",
        code: 429,
        retryAfterSeconds: 7,
      },
    })
    expect(frames).toHaveLength(2)
  })

  test("a frame cannot send to another room than its token was granted for", async () => {
    const chat = createChat()
    const { wire, frames } = createWire(chat)
    const heard: unknown[] = []
    chat.sidekick.subscribe("room", cellar, (data) => heard.push(data))
    const token = await chat.tokenFor("mallory", lobby)
    const data = { text: "let me in" }

    wire.sendMessage({ type: "send", token, channel: "room", params: cellar, data, ref: "1" })
    wire.sendMessage({ type: "send", token, channel: "hall", params: { serverId: "s1" }, data, ref: "2" })
    await until(() => frames.length === 2)

    for (const frame of frames)
      expect(frame).toMatchObject({ type: "error", error: { fault: "client", code: 403 } })
    expect(heard).toEqual([])
    expect(chat.processed).toEqual([])
  })

  test("malformed frames get an error frame", () => {
    const chat = createChat()
    const { wire, frames } = createWire(chat)
    const malformed: unknown[] = [
      null,
      1,
      "subscribe",
      {},
      { type: "subscribe" },
      { type: "dance", token: "a" },
    ]

    // The types forbid these; a network does not.
    for (const frame of malformed) wire.sendMessage(frame as never)

    expect(frames).toHaveLength(malformed.length)
    for (const frame of frames)
      expect(frame).toMatchObject({ type: "error", error: { fault: "client", code: 400 } })
    expect(chat.bugs).toEqual([])
  })

  test("without setServerCallback a send is refused and names it", async () => {
    const sidekick = new InternalSidekick()
    const { wire, frames } = createWire({ sidekick })
    const server = sidekick.getConnectionFromServer()
    await server.addConnection({ token: "t", channel: "room", params: lobby, context: {} })

    wire.sendMessage({ type: "send", token: "t", channel: "room", params: lobby, data: {} })
    await until(() => frames.length === 1)

    expect(frames[0]).toMatchObject({
      error: {
        fault: "sidekick",
        message: "setServerCallback was not called, so channel messages cannot be processed",
      },
    })
  })

  test("a subscriber that throws does not affect others", async () => {
    const chat = createChat()
    const heard: string[] = []
    chat.sidekick.subscribe("room", lobby, () => {
      throw new Error("first")
    })
    chat.sidekick.subscribe("room", lobby, async () => {
      throw new Error("second")
    })
    chat.sidekick.claim(await chat.tokenFor("alice", lobby), { onMessage: () => heard.push("alice") })

    await chat.post(lobby, "hello")
    await settle()

    expect(heard).toEqual(["alice"])
    expect(chat.bugs.map(({ error }) => (error as Error).message)).toEqual(["first", "second"])
  })
})

describe("tokens", () => {
  test("an unused token expires, a used one does not", async () => {
    let now = 0
    const chat = createChat({ now: () => now })
    const [used, late] = [await chat.tokenFor("alice", lobby), await chat.tokenFor("bob", lobby)]
    const connection = chat.sidekick.claim(used)
    expect(chat.sidekick.stats().tokens).toBe(1)

    now = tokenTtlMs

    expect(chat.sidekick.stats().tokens).toBe(0)
    expect(chat.sidekick.claim(late)).toBeNull()
    expect(await connection?.send({ text: "still here" })).toBeNull()
  })

  test("a token belongs to the first client that uses it", async () => {
    const chat = createChat()
    const [alice, mallory] = [createWire(chat), createWire(chat)]
    const token = await chat.tokenFor("alice", lobby)
    alice.wire.sendMessage({ type: "subscribe", token })

    mallory.wire.sendMessage({ type: "subscribe", token })
    mallory.wire.sendMessage({
      type: "send",
      token,
      channel: "room",
      params: lobby,
      data: { text: "as alice" },
    })
    mallory.wire.sendMessage({ type: "unsubscribe", token })
    await chat.post(lobby, "hello")

    expect(mallory.types()).toEqual(["error", "error", "error"])
    expect(chat.sidekick.claim(token)).toBeNull()
    expect(alice.types()).toEqual(["subscribed", "message"])
    expect(chat.processed).toEqual([])
  })

  test("the number of connections per client is limited", async () => {
    const chat = createChat()
    const { wire, frames } = createWire(chat)

    for (let count = 0; count <= maxConnectionsPerClient; count++) {
      wire.sendMessage({ type: "subscribe", token: await chat.tokenFor("alice", lobby) })
    }

    const types = frames.map(({ type }) => type)
    expect(types.slice(0, -1)).toEqual(Array(maxConnectionsPerClient).fill("subscribed"))
    expect(frames.at(-1)).toMatchObject({ type: "error", error: { code: 429 } })
  })

  test("the number of unused tokens is limited; the oldest are evicted", async () => {
    const { sidekick } = createChat()
    const server = sidekick.getConnectionFromServer()

    for (let count = 0; count <= maxUnusedTokens; count++) {
      await server.addConnection({ token: `${count}`, channel: "room", params: lobby, context: null })
    }

    expect(sidekick.stats().tokens).toBe(maxUnusedTokens)
    expect(sidekick.claim("0")).toBeNull()
    expect(sidekick.claim("1")).not.toBeNull()
  })
})
