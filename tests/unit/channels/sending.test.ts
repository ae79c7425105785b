import { describe, expect, test } from "bun:test"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"

describe("what a message may say", () => {
  test.each([
    { what: "nothing", content: "", message: "Write something first" },
    { what: "only space", content: " \r\n\t\u00a0 ", message: "Write something first" },
    { what: "nothing that shows", content: "\u200b\u2060\n\u3164\u200d", message: "Write something first" },
    {
      what: "too much",
      content: "x".repeat(2001),
      message: "A message has at most 2000 characters: this is 1 too long",
    },
  ])("$what is refused, and nothing is stored or heard", async ({ content, message }) => {
    using app = await createTestChat()
    const { heard, send } = await listen(app.cast.bob, app.room)

    const sent = send(content)

    await expect(sent).rejects.toMatchObject({
      fault: "client",
      code: 400,
      message: expect.stringContaining(message),
    })
    expect(heard).toEqual([])
    expect(await stored(app)).toEqual([])
  })

  test.each([
    { what: "the longest", content: "x".repeat(2000), kept: "x".repeat(2000) },
    { what: "line ends of a form, counted as one", content: "x\r\n".repeat(1000), kept: "x\n".repeat(1000) },
    { what: "old line ends", content: "a\rb", kept: "a\nb" },
    { what: "space around words", content: "  a  ", kept: "  a  " },
    { what: "half a character", content: "a\ud83d\udc4db\ud800c", kept: "a\ud83d\udc4db\ufffdc" },
    { what: "what ends a string in C", content: "a\0b", kept: "a\ufffdb" },
    { what: "markup", content: "<b onclick=alert(1)>&amp;</b>", kept: "<b onclick=alert(1)>&amp;</b>" },
  ])("$what is taken", async ({ content, kept }) => {
    using app = await createTestChat()
    const { heard, send } = await listen(app.cast.bob, app.room)

    await send(content)

    expect(heard.map((message) => message.content)).toEqual([kept])
    expect(await stored(app)).toEqual([kept])
  })
})

describe("a message's id is the sender's", () => {
  const id = "3f0c1de2-6d4e-4b19-9b1f-0a5a2f7c9d11"

  test("sending it again stores and announces nothing new, and is no failure", async () => {
    using app = await createTestChat()
    const alices = await listen(app.cast.alice, app.room)
    const { send } = await listen(app.cast.bob, app.room)
    await send("hello", id)
    expect(alices.heard).toMatchObject([{ id, content: "hello" }])

    await send("hello", id)
    await Promise.all([send("hello", id), send("something else", id)])

    expect(alices.heard).toHaveLength(1)
    expect(await stored(app)).toEqual(["hello"])
  })

  test("sending it twice at once is once", async () => {
    using app = await createTestChat()
    const { heard, send } = await listen(app.cast.bob, app.room)

    await Promise.all(Array.from({ length: 10 }, () => send("hello", id)))

    expect(heard).toMatchObject([{ id, position: 1 }])
    expect(await stored(app)).toEqual(["hello"])
  })

  test("does not bring a deleted message back", async () => {
    using app = await createTestChat()
    const { heard, send } = await listen(app.cast.bob, app.room)
    await send("hello", id)
    expectData(await app.cast.bob.client.mutate("deleteMessage", { messageId: id }))

    await send("hello", id)

    expect(heard).toHaveLength(2)
    expect(await stored(app)).toEqual([""])
  })

  test("another user cannot reuse it", async () => {
    using app = await createTestChat()
    const alices = await listen(app.cast.alice, app.room)
    const bobs = await listen(app.cast.bob, app.room)
    await alices.send("hello", id)

    const taken = bobs.send("hello", id)

    const message = "Another message has this id already"
    await expect(taken).rejects.toMatchObject({ fault: "client", code: 409, message })
    expect(bobs.heard).toMatchObject([{ username: "alice", content: "hello" }])
    expect(await stored(app)).toEqual(["hello"])
  })

  test("it cannot be in two channels", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const random = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
    )
    const inRandom = await listen(bob, { ...app.room, channelId: random.id })
    await (await listen(bob, app.room)).send("hello", id)

    const again = inRandom.send("hello", id)

    await expect(again).rejects.toMatchObject({ fault: "client", code: 409 })
    expect(inRandom.heard).toEqual([])
    expect((await bob.client.query("getMessages", { channelId: random.id })).data).toEqual([])
  })

  test("it is a UUID", async () => {
    using app = await createTestChat()
    const { heard, send } = await listen(app.cast.bob, app.room)

    const sent = send("hello", "x' onclick='alert(1)")

    await expect(sent).rejects.toMatchObject({ fault: "client", code: 400 })
    expect(heard).toEqual([])
  })
})

describe("sending too fast", () => {
  const id = "9a1b6a5e-1d5e-4a55-8a9e-1f7e0c4d2b63"

  test("is refused with how long to wait; others and other channels are not held up", async () => {
    using app = await createTestChat({ RATE_LIMIT_MESSAGES: "2/10s" })
    const { alice, bob } = app.cast
    const random = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
    )
    const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]
    const inRandom = await listen(bob, { ...app.room, channelId: random.id })
    await bobs.send("one")
    await bobs.send("two")

    const refused = await bobs.send("three").catch((fault) => fault)
    await inRandom.send("elsewhere")
    await alices.send("someone else")

    expect(refused).toMatchObject({ fault: "client", code: 429 })
    expect(refused.retryAfterSeconds).toBeWithin(1, 11)
    expect(inRandom.heard).toHaveLength(1)
    expect(await stored(app)).toEqual(["one", "two", "someone else"])
  })

  test("does not refuse a stored message: a retry only missed the answer", async () => {
    using app = await createTestChat({ RATE_LIMIT_MESSAGES: "2/10s" })
    const { heard, send } = await listen(app.cast.bob, app.room)
    await send("one", id)
    await send("two")
    await expect(send("three")).rejects.toMatchObject({ code: 429 })

    await send("one", id)

    expect(heard).toHaveLength(2)
  })

  test("is refused alike whether or not someone else's message has that id", async () => {
    using app = await createTestChat({ RATE_LIMIT_MESSAGES: "1/10s" })
    const bobs = await listen(app.cast.bob, app.room)
    await (await listen(app.cast.alice, app.room)).send("alice's", id)
    await bobs.send("one")

    await expect(bobs.send("two", id)).rejects.toMatchObject({ code: 429 })
  })
})

async function stored({ cast, general }: TestChat) {
  const { data } = await cast.alice.client.query("getMessages", { channelId: general.id })
  return data?.map(({ content }) => content)
}
