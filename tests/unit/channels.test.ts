import { describe, expect, test } from "bun:test"
import { chatHandlers } from "../../src/features/messages/handlers.ts"
import { presenceHandlers } from "../../src/features/presence/handlers.ts"
import { appear, clientOf, createTestChat, expectData, type TestChat } from "../support/chat.ts"
import { hearPresence, listen, until } from "../support/listen.ts"
import { readRows } from "../support/test-database.ts"

// The chat channel: who may connect, who receives what, and in which order. What a message may be, and when a
// connection ends, is tested beside this file.

describe("connecting", () => {
  test("a stranger is refused", async () => {
    using app = await createTestChat()

    const result = await clientOf(app.chat).connect("chat", app.room, { username: "alice" })

    expect(result).toEqual({
      success: false,
      token: null,
      error: { channel: "chat", params: app.room, fault: "client", code: 401, message: "Log in first" },
    } as never)
  })

  test("to a channel that is not there, or not in that server, is refused", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const den = expectData(await bob.client.mutate("createServer", { name: "Den" }))
    const connect = (serverId: string, channelId: string) =>
      bob.client.connect("chat", { serverId, channelId }, { username: "bob" })

    const noChannel = await connect(app.lab.id, "none")
    const otherServer = await connect(den.id, app.general.id)
    const noServer = await connect("none", app.general.id)

    for (const { error } of [noChannel, otherServer, noServer]) {
      expect(error).toMatchObject({ fault: "client", code: 404, message: "There is no such channel" })
    }
  })

  test("an outsider is refused, with the reason", async () => {
    using app = await createTestChat()

    const result = await app.cast.mallory.client.connect("chat", app.room, { username: "alice" })

    const message = "You are not a member of this server"
    expect(result.error).toMatchObject({ fault: "client", code: 403, message })
    expect(app.chat.sidekick.stats()).toMatchObject({ tokens: 0, connections: 0 })
  })

  test("a member gets a token that is good for this channel and no other", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { id: channelId } = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
    )
    const elsewhere = { ...app.room, channelId }
    const random = await listen(alice, elsewhere)

    const bobs = await listen(bob, app.room)
    await bobs.send("hello")
    const smuggled = bob.client.send("chat", elsewhere, bobs.token, { content: "smuggled" })

    await expect(smuggled).rejects.toMatchObject({ fault: "client" })
    expect(bobs.heard).toMatchObject([{ content: "hello" }])
    expect(random.heard).toEqual([])
  })

  test("the author is the session's user, whatever name is sent", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const connected = await bob.client.connect("chat", app.room, { username: "alice" })
    const bobs = await listen(bob, app.room)

    await bob.client.send("chat", app.room, connected.token ?? "", { content: "I am alice" })

    expect(bobs.heard).toMatchObject([{ username: "bob", userId: bob.id }])
  })
})

describe("a message", () => {
  test("reaches its sender, as stored", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { heard, send } = await listen(bob, app.room)

    await send("hello")

    const { data } = await bob.client.query("getMessages", { channelId: app.general.id })
    expect(heard).toHaveLength(1)
    expect(heard).toEqual(data ?? [])
  })

  test("reaches all subscribers of its channel, and no others", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const random = await makeRoom(app, "random")
    const den = expectData(await mallory.client.mutate("createServer", { name: "Den" }))
    const cellar = expectData(
      await mallory.client.mutate("createChannel", { serverId: den.id, name: "general" }),
    )
    const inGeneral = [await listen(alice, app.room), await listen(bob, app.room)]
    const inRandom = await listen(bob, random)
    const inDen = await listen(mallory, { serverId: den.id, channelId: cellar.id })
    await inRandom.send("for random")
    await inDen.send("for the den")

    await inGeneral[0]?.send("for general")

    for (const { heard } of inGeneral) expect(heard).toMatchObject([{ content: "for general" }])
    expect(inRandom.heard).toMatchObject([{ content: "for random" }])
    expect(inDen.heard).toMatchObject([{ content: "for the den" }])
  })

  test("is committed before it is delivered", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const found: Promise<unknown>[] = []
    // Reads see only what was committed.
    app.chat.sidekick.subscribe("chat", app.room, () => {
      found.push(readRows(app.database, "select content from messages"))
    })

    await (await listen(bob, app.room)).send("hello")

    expect(await Promise.all(found)).toEqual([[{ content: "hello" }]])
    expect((await listen(alice, app.room)).heard).toEqual([]) // history is read, not replayed
  })

  test("has its place in one order: a hundred at once are numbered without a gap and delivered in that order", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]

    await Promise.all(
      Array.from({ length: 50 }, (_, index) => [alices.send(`a${index}`), bobs.send(`b${index}`)]).flat(),
    )

    const { data: history } = await bob.client.query("getMessages", { channelId: app.general.id, limit: 100 })
    expect(alices.heard.map(({ position }) => position)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
    expect(bobs.heard).toEqual(alices.heard)
    expect(history).toEqual(alices.heard)
    for (const { id, username } of [alice, bob]) {
      const own = alices.heard.filter(({ userId }) => userId === id).map(({ content }) => content)
      expect(own).toEqual(Array.from({ length: 50 }, (_, index) => `${username[0]}${index}`))
    }
  })

  test("that is edited or deleted is announced as it is now, with a later seq", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]
    await bobs.send("helo")
    const messageId = alices.heard[0]?.id ?? ""

    await bob.client.mutate("editMessage", { messageId, content: "hello" })
    await bob.client.mutate("editMessage", { messageId, content: "hello" }) // no change: nothing to hear
    await alice.client.mutate("deleteMessage", { messageId })
    await alice.client.mutate("deleteMessage", { messageId })

    expect(alices.heard).toMatchObject([
      { id: messageId, content: "helo", position: 1, seq: 1, editedAt: null, deletedAt: null },
      { id: messageId, content: "hello", position: 1, seq: 2, deletedAt: null },
      { id: messageId, content: "", position: 1, seq: 3 },
    ])
    expect(alices.heard[1]?.editedAt).toBeInstanceOf(Date)
    expect(alices.heard[2]?.deletedAt).toBeInstanceOf(Date)
    expect(bobs.heard).toEqual(alices.heard)
  })
})

describe("presence", () => {
  test("typing reaches the others in that channel only", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const random = await makeRoom(app, "random")
    const [alices, bobs] = [
      await hearPresence(alice, app.general.id),
      await hearPresence(bob, app.general.id),
    ]
    const elsewhere = await hearPresence(alice, random.channelId)
    const chat = await listen(alice, app.room)

    await bobs.say("typing")
    await bobs.say("typing") // so soon again it says nothing new

    expect(alices.heard).toEqual([{ username: "bob", status: "typing" }])
    expect(elsewhere.heard).toEqual([])
    expect(chat.heard).toEqual([])
  })

  test("going idle and coming back reaches everyone who shares a server", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const random = await makeRoom(app, "random")
    const den = expectData(await mallory.client.mutate("createServer", { name: "Den" }))
    const cellar = expectData(
      await mallory.client.mutate("createChannel", { serverId: den.id, name: "general" }),
    )
    const alices = await hearPresence(alice, random.channelId)
    const stranger = await hearPresence(mallory, cellar.id)
    const bobs = await hearPresence(bob, app.general.id)
    app.chat.presence.enter({ userId: bob.id, username: "bob" })
    await until("alice sees bob online", () => alices.heard.length === 1)

    await bobs.say("idle")
    await bobs.say("online")

    await until("alice sees bob back", () => alices.heard.length === 3)
    expect(alices.heard.map(({ status }) => status)).toEqual(["online", "idle", "online"])
    expect(stranger.heard).toEqual([])
    app.chat.presence.leave(bob.id)
  })

  test("lets in whom the channel lets in: a page has one connection for both", () => {
    expect(presenceHandlers.presence.onConnect).toBe(chatHandlers.chat.onConnect)
  })

  test("is closed to users who may not read the channel", async () => {
    using app = await createTestChat()
    const stranger = await appear(app.chat, "eve")
    const params = { channelId: app.general.id }

    const outsider = await stranger.client.connect("presence", params, { username: "bob" })
    const anonymous = await clientOf(app.chat).connect("presence", params, { username: "bob" })
    const nowhere = await stranger.client.connect("presence", { channelId: "none" }, { username: "bob" })

    expect(outsider.error).toMatchObject({ fault: "client", code: 403 })
    expect(anonymous.error).toMatchObject({ fault: "client", code: 401 })
    expect(nowhere.error).toMatchObject({ fault: "client", code: 404 })
  })
})

/** Another channel of the server "Lab". */
async function makeRoom({ cast, lab }: TestChat, name: string) {
  const { id } = expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name }))
  return { serverId: lab.id, channelId: id }
}
