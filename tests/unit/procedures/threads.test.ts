import { expect, test } from "bun:test"
import { createChat } from "../../../src/chat.ts"
import { ChangeSet } from "../../../src/features/change-set.ts"
import { appendMessage } from "../../../src/features/messages/append.ts"
import { findMessage } from "../../../src/features/messages/store.ts"
import { threadSummaries } from "../../../src/features/threads/summaries.ts"
import { createTestChat, expectData, silent, type TestChat } from "../../support/chat.ts"
import { hearPresence, listen, until } from "../../support/listen.ts"
import { noteQueries } from "../../support/queries.ts"
import { say } from "../../support/say.ts"
import { readRows, testOnSqlite } from "../../support/test-database.ts"

const open = async ({ cast }: TestChat, messageId: string) =>
  expectData(await cast.bob.client.mutate("createThread", { messageId }))
const roomOf = ({ id, serverId }: { id: string; serverId: string }) => ({ room: { serverId, channelId: id } })
const threadsOf = async ({ cast, general }: TestChat, who: "alice" | "bob" = "bob") =>
  expectData(await cast[who].client.query("getThreads", { channelId: general.id }))
const summaryOf = async ({ chat }: TestChat, id: string) => (await findMessage(chat.db, id))?.extras?.thread

test("a message has one thread, called what it says, which is a channel in no list", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "Where do we **eat** on Thursday?\nI am hungry")
  const { heard } = await listen(alice, app.room)

  const thread = await open(app, id)
  const again = expectData(await alice.client.mutate("createThread", { messageId: id }))

  expect(again).toEqual(thread)
  expect(thread).toMatchObject({
    serverId: app.lab.id,
    name: "Where do we eat on Thursday? I am hungry",
    parentId: id,
    parentChannelId: app.general.id,
  })
  expect(heard.map(({ id, seq, extras }) => [id, seq, extras?.thread?.count])).toEqual([[id, 2, 0]])
  const listed = expectData(await bob.client.query("getChannels", { serverId: app.lab.id }))
  expect(listed.map((channel) => channel.id)).toEqual([app.general.id])
  const inside = await say(roomOf(thread), bob, "At Luigi's")
  const read = expectData(await alice.client.query("getMessages", { channelId: thread.id }))
  expect(read.map(({ id, content }) => [id, content])).toEqual([[inside, "At Luigi's"]])
  expect((await bob.client.mutate("createThread", { messageId: inside })).error?.code).toBe(400)
})

test("the message shows its thread's replies: at once, then in batches", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "a question")
  const thread = await open(app, id)
  const { heard } = await listen(alice, app.room)

  for (let at = 1; at <= 20; at++) await say(roomOf(thread), bob, `answer ${at}`)
  await until("all are counted", async () => (await summaryOf(app, id))?.count === 20, 20_000)

  await until("it was told", () => heard.at(-1)?.extras?.thread?.count === 20)
  expect(heard.every((message) => message.id === id)).toBe(true)
  expect(heard.length).toBeLessThan(15)
  const last = expectData(await bob.client.query("getMessages", { channelId: thread.id, limit: 1 }))
  expect(heard.at(-1)?.extras?.thread?.lastAt).toEqual(last[0]?.createdAt ?? new Date(0))
})

test("the pending summary of a thread is posted by the next process", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const ids = [await say(app, alice, "one"), await say(app, alice, "two")]
  const { commits } = app.chat
  for (const id of ids) {
    const thread = await open(app, id)
    const draft = { serverId: app.lab.id, channelId: thread.id, userId: alice.id, username: "alice" }
    const message = { ...draft, id: crypto.randomUUID(), content: "unheard", createdAt: new Date() }
    await commits.decide((tx) => appendMessage(new ChangeSet(tx), message))
    expect((await summaryOf(app, id))?.count).toBe(0) // or it proves nothing
  }

  const next = createChat({ config: app.chat.config, database: app.database, log: silent })
  await next.workers.get(threadSummaries).start()
  next.close()

  for (const id of ids) expect((await summaryOf(app, id))?.count).toBe(1)
})

test("threads are listed by their last message, with unread counts", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [first, second] = [await say(app, alice, "first"), await say(app, alice, "second")]
  const [one, two] = [await open(app, first), await open(app, second)]
  await say(roomOf(two), alice, "in the second")
  await until("it is counted", async () => (await summaryOf(app, second))?.count === 1)
  const now = Date.now()
  await until("the clock has moved, or both were at the same time", () => Date.now() > now)
  await say(roomOf(one), alice, "hey @bob")
  await until("it is counted", async () => (await summaryOf(app, first))?.count === 1)

  const seen = (await threadsOf(app)).map(({ name, count, unread, mentions }) => [
    name,
    count,
    unread,
    mentions,
  ])
  expect(seen).toEqual([
    ["first", 1, 1, 1],
    ["second", 1, 1, 0],
  ])
  expectData(await bob.client.mutate("markChannelRead", { channelId: one.id }))
  expect((await threadsOf(app)).map(({ unread, mentions }) => [unread, mentions])).toEqual([
    [0, 0],
    [1, 0],
  ])
})

test("deleting the message leaves the thread, the way to it and nothing of its name", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "the secret")
  const thread = await open(app, id)
  expectData(await alice.client.mutate("editMessage", { messageId: id, content: "the hidden" }))
  expect((await threadsOf(app))[0]?.name).toBe("the hidden")

  const tombstone = expectData(await alice.client.mutate("deleteMessage", { messageId: id }))
  await say(roomOf(thread), bob, "what was it?")

  expect(tombstone.extras).toEqual({ thread: expect.objectContaining({ channelId: thread.id }) })
  expect((await threadsOf(app)).map(({ name }) => name)).toEqual(["Thread"])
  await until("the tombstone counts on", async () => (await summaryOf(app, id))?.count === 1)
})

test("a name that somebody gave a thread stays", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const id = await say(app, alice, "a question")
  const thread = await open(app, id)
  expectData(await alice.client.mutate("renameChannel", { channelId: thread.id, name: "Dinner" }))

  expectData(await alice.client.mutate("editMessage", { messageId: id, content: "another" }))
  expectData(await alice.client.mutate("deleteMessage", { messageId: id }))

  expect((await threadsOf(app))[0]?.name).toBe("Dinner")
})

test("a channel's threads are deleted with it, and their readers sent away", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const thread = await open(app, await say(app, alice, "a question"))
  const other = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "other" }),
  )
  const elsewhere = { serverId: app.lab.id, channelId: other.id }
  const kept = await open(app, await say({ room: elsewhere }, alice, "elsewhere"))
  const inside = roomOf(thread).room
  const reader = await listen(bob, inside)
  await hearPresence(bob, thread.id)
  await listen(bob, roomOf(kept).room)
  const before = app.chat.sidekick.stats().connections

  expectData(await alice.client.mutate("deleteChannel", { channelId: app.general.id }))

  expect(bob.faults.filter(({ code }) => code === 404).length).toBeGreaterThanOrEqual(2)
  expect(before - app.chat.sidekick.stats().connections).toBeGreaterThanOrEqual(2)
  const left = await readRows(app.database, "select id from channels")
  expect(left.map(({ id }) => String(id)).toSorted()).toEqual([other.id, kept.id].toSorted())
  expect(reader.heard).toEqual([])
})

test("a thread that is deleted leaves its message as it was without", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const id = await say(app, alice, "a question")
  const thread = await open(app, id)
  const { heard } = await listen(alice, app.room)

  expectData(await alice.client.mutate("deleteChannel", { channelId: thread.id }))

  expect(heard.map(({ id, extras }) => [id, extras])).toEqual([[id, null]])
  expect(await threadsOf(app)).toEqual([])
})

test("a removed member receives nothing of the thread", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const thread = await open(app, await say(app, alice, "a question"))
  const { heard } = await listen(bob, roomOf(thread).room)
  await say(roomOf(thread), alice, "before")
  expect(heard).toHaveLength(1)

  expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
  await say(roomOf(thread), alice, "after")

  expect(heard).toHaveLength(1)
})

testOnSqlite("a message in a plain channel costs no query for threads", async () => {
  using queries = noteQueries()
  using app = await createTestChat()
  await say(app, app.cast.alice, "the first of a channel is looked up")
  queries.take()

  await say(app, app.cast.alice, "plain")

  const asked = queries.take()
  expect(asked.some((sql) => /insert into "messages"/.test(sql))).toBe(true)
  expect(asked.filter((sql) => /parent_id/.test(sql))).toEqual([])
})
