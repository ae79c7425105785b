import { describe, expect, test } from "bun:test"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"

describe("a blocked user", () => {
  test("cannot open a conversation with the person who blocked them, and learns no more than a stranger", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    await block(alice, bob)

    const blocked = await bob.client.mutate("openConversation", { userIds: [alice.id] })
    const stranger = await bob.client.mutate("openConversation", { userIds: [mallory.id] })
    const own = await alice.client.mutate("openConversation", { userIds: [bob.id] })

    expect(blocked.error).toEqual(stranger.error as never)
    expect(blocked.error?.code).toBe(403)
    expect(own.error?.message).toContain("You have blocked")
    expectData(await alice.client.mutate("unblockUser", { userId: bob.id }))
    expectData(await bob.client.mutate("openConversation", { userIds: [alice.id] }))
  })

  test("writes, edits and reacts nothing in the conversation of the two, from that moment on", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const talk = expectData(await bob.client.mutate("openConversation", { userIds: [alice.id] }))
    const { id: serverId, channelId } = talk
    // Connected before: the right to write is asked for with every message.
    const line = await listen(bob, { serverId, channelId })
    const [hers, his] = [await listen(alice, { serverId, channelId }), crypto.randomUUID()]
    await line.send("before", his)
    const answer = crypto.randomUUID()
    await hers.send("an answer", answer)
    await block(alice, bob)

    await expect(line.send("after")).rejects.toMatchObject({
      code: 403,
      message: "You cannot write to this person",
    })
    await expect(hers.send("after")).rejects.toMatchObject({ code: 403 })
    const edit = await bob.client.mutate("editMessage", { messageId: his, content: "after" })
    const react = await bob.client.mutate("addReaction", { messageId: answer, emoji: "👍" })
    const pin = await bob.client.mutate("pinMessage", { messageId: his })
    expect([edit, react, pin].map(({ error }) => error?.code)).toEqual([403, 403, 403])
    expect(hers.heard.map(({ content }) => content)).toEqual(["before", "an answer"])
    // What was said stays there for both to read, and the conversation is found as before.
    expect(expectData(await bob.client.query("getMessages", { channelId }))).toHaveLength(2)
    expect(expectData(await bob.client.mutate("openConversation", { userIds: [alice.id] })).id).toBe(serverId)

    expectData(await alice.client.mutate("unblockUser", { userId: bob.id }))
    await line.send("after all")
    expect(hers.heard.at(-1)?.content).toBe("after all")
  })

  test("goes on in servers and groups as before", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await block(alice, bob)
    const line = await listen(bob, app.room)

    await line.send("in the room")

    expect(line.heard).toHaveLength(1)
  })
})

describe("blocking", () => {
  test("is private to its owner", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await block(alice, bob)
    await block(alice, bob) // once is enough

    expect(await blockedBy(alice)).toEqual([{ userId: bob.id, username: "bob" }])
    expect(await blockedBy(bob)).toEqual([])
  })

  test("is refused for oneself and people one has nothing to do with, and taken back once", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const code = async (what: "blockUser" | "unblockUser", userId: string) =>
      (await alice.client.mutate(what, { userId })).error?.code

    expect(await code("blockUser", alice.id)).toBe(400)
    expect(await code("blockUser", mallory.id)).toBe(404)
    expect(await code("blockUser", "nobody")).toBe(404)
    expect(await code("unblockUser", bob.id)).toBe(404)
    await block(alice, bob)
    expect(await code("unblockUser", bob.id)).toBeUndefined()
    expect(await code("unblockUser", bob.id)).toBe(404)
  })

  test("leaves mentions by them uncounted", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const line = await listen(bob, app.room)
    await line.send("@alice, look")
    const count = async () => expectData(await alice.client.query("getUnread", null))[0]
    expect(await count()).toMatchObject({ unread: 1, mentions: 1 })

    await block(alice, bob)

    expect(await count()).toMatchObject({ unread: 1, mentions: 0 })
  })
})

async function block({ client }: Person, { id }: Person): Promise<void> {
  expectData(await client.mutate("blockUser", { userId: id }))
}

async function blockedBy({ client }: TestChat["cast"]["alice"]) {
  return expectData(await client.query("getBlockedUsers", null))
}
