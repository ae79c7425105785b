import { describe, expect, test } from "bun:test"
import { ChangeSet } from "../../../src/features/change-set.ts"
import { appendMessage } from "../../../src/features/messages/append.ts"
import { maxPageSize, pageSize } from "../../../src/features/messages/contract.ts"
import { findHead } from "../../../src/features/messages/store.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"

describe("a channel's history", () => {
  test("is its messages, oldest first", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await say(app, alice, "hello")
    await say(app, bob, "hi")

    const result = await bob.client.query("getMessages", { channelId: app.general.id })

    expect(result.data).toEqual([
      {
        id: expect.any(String),
        ...app.room,
        userId: alice.id,
        username: "alice",
        content: "hello",
        createdAt: expect.any(Date),
        editedAt: null,
        deletedAt: null,
        position: 1,
        ordinal: 1,
        ...{ displayName: null, nickname: null, avatarUrl: null, names: null },
        seq: 1,
        extras: null,
      },
      expect.objectContaining({ username: "bob", content: "hi", position: 2 }),
    ])
    expect(result.resources).toEqual([`messages/channel/${app.general.id}`])
  })

  test("is read in pages next to a message, which is not among them", async () => {
    using app = await createTestChat()
    const ids = await fill(app, 5)
    const page = async (place: { limit?: number; before?: string; after?: string }) => {
      const result = await app.cast.bob.client.query("getMessages", { channelId: app.general.id, ...place })
      return result.data?.map(({ position }) => position)
    }

    expect(await page({})).toEqual([1, 2, 3, 4, 5])
    expect(await page({ limit: 2 })).toEqual([4, 5])
    expect(await page({ before: ids[3], limit: 2 })).toEqual([2, 3])
    expect(await page({ after: ids[1], limit: 2 })).toEqual([3, 4])
    expect(await page({ before: ids[0] })).toEqual([])
    expect(await page({ after: ids[4] })).toEqual([])
  })

  test("comes in pages of 50 by default, and of 100 at most", async () => {
    using app = await createTestChat()
    const { client } = app.cast.bob
    const channelId = app.general.id
    await fill(app, maxPageSize + 1)

    const usual = await client.query("getMessages", { channelId })
    const largest = await client.query("getMessages", { channelId, limit: maxPageSize })
    const wrong = await Promise.all(
      [0, 1.5, maxPageSize + 1].map((limit) => client.query("getMessages", { channelId, limit })),
    )

    expect(usual.data).toHaveLength(pageSize)
    expect(usual.data?.at(-1)?.position).toBe(maxPageSize + 1)
    expect(largest.data).toHaveLength(maxPageSize)
    expect(wrong.map(({ error }) => error?.code)).toEqual([400, 400, 400])
  })

  test("keeps a deleted message's place, and a page can be read from there", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const [, second = ""] = await fill(app, 3)
    expectData(await app.cast.alice.client.mutate("deleteMessage", { messageId: second }))

    const all = await bob.client.query("getMessages", { channelId: app.general.id })
    const older = await bob.client.query("getMessages", { channelId: app.general.id, before: second })

    expect(all.data?.map(({ content }) => content)).toEqual(["message 1", "", "message 3"])
    expect(all.data?.[1]).toMatchObject({ id: second, position: 2, seq: 4 })
    expect(all.data?.[1]?.deletedAt).toBeInstanceOf(Date)
    expect(older.data).toMatchObject([{ position: 1 }])
  })

  test("does not know another channel's messages, nor channels that are not there", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [inGeneral] = await fill(app, 1)
    const { id: channelId } = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
    )

    const before = await bob.client.query("getMessages", { channelId, before: inGeneral })
    const after = await bob.client.query("getMessages", { channelId, after: inGeneral })
    const nowhere = await bob.client.query("getMessages", { channelId: "none" })

    expect(before.error).toEqual({ code: 404, message: "There is no such message in this channel" })
    expect(after).toEqual(before)
    expect(nowhere.error).toEqual({ code: 404, message: "There is no such channel" })
  })
})

describe("editing a message", () => {
  test("changes an own message in its place, as the channel's next change", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const message = await say(app, bob, "helo")
    await say(app, bob, "and more")

    const result = await bob.client.mutate("editMessage", { messageId: message.id, content: "hel\r\nlo" })

    expect(result.data).toEqual({ ...message, content: "hel\nlo", editedAt: expect.any(Date), seq: 3 })
    expect(result.resources).toEqual([`messages/channel/${app.general.id}`])
    const { data } = await bob.client.query("getMessages", { channelId: app.general.id })
    expect(data?.map(({ content }) => content)).toEqual(["hel\nlo", "and more"])
  })

  test("to what it says already is no change", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const message = await say(app, bob, "hello")

    const result = await bob.client.mutate("editMessage", { messageId: message.id, content: "hello" })

    expect(result.data).toEqual(message)
    expect(await findHead(app.chat.db, app.general.id)).toBe(1)
  })

  test("is for its author alone, not even for the owner", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { id: messageId } = await say(app, bob, "hello")
    const edit = ({ client }: Person, id: string) =>
      client.mutate("editMessage", { messageId: id, content: "never said" })

    const byOwner = await edit(alice, messageId)
    const byOutsider = await edit(mallory, messageId)
    const ofNone = await edit(bob, "none")

    expect(byOwner.error).toEqual({ code: 403, message: "You may edit only your own messages" })
    expect(byOutsider.error).toEqual({ code: 404, message: "There is no such message" })
    expect(ofNone).toEqual(byOutsider)
    expect(await contents(app)).toEqual(["hello"])
  })

  test("that was deleted is a 410", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { id: messageId } = await say(app, bob, "hello")
    expectData(await bob.client.mutate("deleteMessage", { messageId }))

    const result = await bob.client.mutate("editMessage", { messageId, content: "I am back" })

    expect(result.error).toEqual({ code: 410, message: "This message was deleted" })
    expect(await contents(app)).toEqual([""])
  })

  test.each(["", " \n ", "x".repeat(2001)])("to what no message may say is a 400", async (content) => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { id: messageId } = await say(app, bob, "hello")

    const result = await bob.client.mutate("editMessage", { messageId, content })

    expect(result.error).toMatchObject({ code: 400, issues: [{ path: "content" }] })
    expect(await contents(app)).toEqual(["hello"])
  })

  test("too often is a 429 that says how long to wait", async () => {
    using app = await createTestChat({ RATE_LIMIT_MESSAGES: "2/10s" })
    const { bob } = app.cast
    const { id: messageId } = await say(app, bob, "one")
    expectData(await bob.client.mutate("editMessage", { messageId, content: "two" }))

    const result = await bob.client.mutate("editMessage", { messageId, content: "three" })

    expect(result.error?.code).toBe(429)
    expect(result.error?.retryAfterSeconds).toBeWithin(1, 11)
    expect(await contents(app)).toEqual(["two"])
  })
})

describe("deleting a message", () => {
  test("leaves a tombstone without content", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const message = await say(app, bob, "a secret")

    const result = await bob.client.mutate("deleteMessage", { messageId: message.id })

    expect(result.data).toEqual({ ...message, content: "", deletedAt: expect.any(Date), seq: 2 })
    expect(result.resources).toEqual([`messages/channel/${app.general.id}`])
    expect(await contents(app)).toEqual([""])
  })

  test("is also for the server's owner", async () => {
    using app = await createTestChat()
    const { id: messageId } = await say(app, app.cast.bob, "rude")

    const result = await app.cast.alice.client.mutate("deleteMessage", { messageId })

    expect(result.success).toBe(true)
    expect(await contents(app)).toEqual([""])
  })

  test("is refused to everybody else", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { id: messageId } = await say(app, alice, "hello")

    const byMember = await bob.client.mutate("deleteMessage", { messageId })
    const byOutsider = await mallory.client.mutate("deleteMessage", { messageId })
    const ofNone = await alice.client.mutate("deleteMessage", { messageId: "none" })

    expect(byMember.error).toEqual({ code: 403, message: "You may delete only your own messages" })
    expect(byOutsider.error).toEqual({ code: 404, message: "There is no such message" })
    expect(ofNone).toEqual(byOutsider)
    expect(await contents(app)).toEqual(["hello"])
  })

  test("twice is once", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { id: messageId } = await say(app, bob, "hello")

    const first = await bob.client.mutate("deleteMessage", { messageId })
    const again = await bob.client.mutate("deleteMessage", { messageId })

    expect(first.data?.seq).toBe(2)
    expect(again.data).toEqual(first.data as NonNullable<typeof first.data>)
    expect(await findHead(app.chat.db, app.general.id)).toBe(2)
  })
})

/** Someone sends a message; what came of it. */
async function say({ room }: TestChat, person: Person, content: string) {
  const { heard, send, stop } = await listen(person, room)
  await send(content)
  stop()
  const [message] = heard
  if (!message) throw new Error("The message was not announced")

  return message
}

/** Puts "message 1", "message 2" and so on by alice into the store; their ids. */
async function fill({ chat, cast, room }: TestChat, count: number): Promise<string[]> {
  const { id: userId, username } = cast.alice
  return chat.commits.decide(async (tx) => {
    const ids: string[] = []
    for (let index = 1; index <= count; index++) {
      const id = crypto.randomUUID()
      const draft = { id, ...room, userId, username, content: `message ${index}`, createdAt: new Date() }
      await appendMessage(new ChangeSet(tx), draft)
      ids.push(id)
    }
    return ids
  })
}

async function contents({ cast, general }: TestChat) {
  const { data } = await cast.alice.client.query("getMessages", { channelId: general.id })
  return data?.map(({ content }) => content)
}
