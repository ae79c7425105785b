import { expect, test } from "bun:test"
import type { InboxReason } from "../../../src/features/inbox/contract.ts"
import { isFollowing } from "../../../src/features/inbox/follows.ts"
import { countInbox, recordInboxItems } from "../../../src/features/inbox/store.ts"
import { inboxTrimmer } from "../../../src/features/inbox/trimmer.ts"
import { findMessage } from "../../../src/features/messages/store.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

type Asked = Parameters<typeof asked>[2]
const asked = async (
  _: TestChat,
  { client }: Person,
  inputs: { state?: "open" | "unread" | "done"; reason?: InboxReason; serverId?: string; before?: string },
) => expectData(await client.query("getInbox", inputs))
const listed = async (app: TestChat, person: Person, inputs: Asked = {}) =>
  (await asked(app, person, inputs)).items.map(({ reason, message }) => `${reason}: ${message.content}`)

/** As the notifier does. */
async function notify({ chat }: TestChat, { id: userId }: Person, messageId: string, reason: InboxReason) {
  const message = await findMessage(chat.db, messageId)
  if (!message) throw new Error("There is no such message")
  const { createdAt: at } = message
  await chat.commits.decide((tx) => recordInboxItems(tx, [{ userId, reason, message, at, note: "look" }]))
}

const inThread = ({ id, serverId }: { id: string; serverId: string }) => ({
  room: { serverId, channelId: id },
})

/** Makes bob one of the Cooks, who can be mentioned. */
async function makeCook({ lab, cast: { alice, bob } }: TestChat): Promise<void> {
  const { client } = alice
  const cooks = { serverId: lab.id, name: "Cooks", mentionable: true }
  const { id: roleId } = expectData(await client.mutate("createRole", cooks))
  expectData(await client.mutate("giveRole", { serverId: lab.id, userId: bob.id, roleId }))
}

test("a mention of a role is counted where there is nothing else, for those who have the role", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await makeCook(app)
  await say(app, alice, "nobody is meant")
  expect(await countInbox(app.chat.db, bob.id)).toBe(0)

  await say(app, alice, "@Cooks onions")

  expect([await countInbox(app.chat.db, bob.id), await countInbox(app.chat.db, alice.id)]).toEqual([1, 0])
})

test("mentions of everyone and of roles cost no row; one is made by being done", async () => {
  using app = await createTestChat()
  const { alice, bob, mallory } = app.cast
  await makeCook(app)
  const all = await say(app, alice, "@everyone dinner")
  await say(app, alice, "@Cooks onions")
  await say(app, alice, "@everyone and @Cooks too")
  await say(app, bob, "nobody is meant")

  expect(await listed(app, bob)).toEqual([
    "everyone: @everyone and @Cooks too",
    "role: @Cooks onions",
    "everyone: @everyone dinner",
  ])
  expect(await listed(app, bob, { reason: "role" })).toEqual(["role: @Cooks onions"])
  expect([await listed(app, alice), await listed(app, mallory)]).toEqual([[], []])

  // Without notifications for them, they are not listed.
  for (const [chosen, rest] of [
    [{ isEveryoneSuppressed: true }, ["role: @Cooks onions"]],
    [{ areRolesSuppressed: true }, []],
    [{ isEveryoneSuppressed: false }, ["everyone: @everyone and @Cooks too", "everyone: @everyone dinner"]],
    [{ level: "nothing", areRolesSuppressed: false }, []],
    [{ level: null }, await listed(app, bob)],
  ] as const) {
    expectData(await bob.client.mutate("setNotificationLevels", { serverId: app.lab.id, ...chosen }))
    expect([await listed(app, bob), await countInbox(app.chat.db, bob.id)]).toEqual([[...rest], rest.length])
  }

  const item = { messageId: all, reason: "everyone" } as const
  for (let time = 1; time <= 2; time++) expectData(await bob.client.mutate("markDone", item))
  expect((await bob.client.mutate("markDone", { ...item, reason: "mention" })).error?.code).toBe(404)
  expect(await listed(app, bob)).toHaveLength(2)
  expect(await listed(app, bob, { state: "done" })).toEqual(["everyone: @everyone dinner"])

  expectData(await bob.client.mutate("markUndone", item))
  expect(await listed(app, bob)).toHaveLength(3)
  expect((await bob.client.mutate("markUndone", item)).error?.code).toBe(404)
})

test("an item marked as unread is open, and its channel unread from there, but never read further", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const one = await say(app, alice, "@bob one")
  await notify(app, bob, one, "mention")
  await notify(app, bob, one, "reminder")
  await say(app, alice, "two")
  const three = await say(app, alice, "@everyone three")
  const mark = async (reason: InboxReason, messageId: string, { client }: Person = bob) =>
    (await client.mutate("markItemUnread", { messageId, reason })).error?.code
  const read = async () =>
    expectData(await bob.client.mutate("markChannelRead", { channelId: app.general.id }))
  const standing = async () => ({
    unread: await listed(app, bob, { state: "unread" }),
    done: await listed(app, bob, { state: "done" }),
    channel: expectData(await bob.client.query("getUnread", null)).map(({ unread }) => unread),
    count: await countInbox(app.chat.db, bob.id),
  })
  for (const reason of ["mention", "reminder"] as const)
    expectData(await bob.client.mutate("markDone", { messageId: one, reason }))
  await read()
  expect(await listed(app, bob)).toEqual(["everyone: @everyone three"])

  // One that has no row, because it is not done.
  expect(await mark("everyone", three)).toBeUndefined()
  const done = ["reminder: @bob one", "mention: @bob one"]
  const unread = ["everyone: @everyone three"]
  expect(await standing()).toEqual({ unread, done, channel: [1], count: 1 })

  // One that is done. The other stays unread, also when it is marked again.
  expect([await mark("mention", one), await mark("everyone", three)]).toEqual([undefined, undefined])
  expect(await standing()).toEqual({
    unread: ["everyone: @everyone three", "mention: @bob one"],
    ...{ done: ["reminder: @bob one"], channel: [3], count: 2 },
  })

  // A reminder is about what was read.
  await read()
  expect(await mark("reminder", one)).toBeUndefined()
  expect(await standing()).toEqual({ unread: ["reminder: @bob one"], done: [], channel: [], count: 1 })

  expect([await mark("keyword", one), await mark("role", three), await mark("mention", "none")]).toEqual([
    404, 404, 404,
  ])
  expect([await mark("mention", one, alice), await mark("everyone", three, app.cast.mallory)]).toEqual([
    404, 404,
  ])
})

test("an item is listed once, a reminder comes again; pages follow each other", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const first = await say(app, alice, "number 1")
  await notify(app, bob, first, "reminder")
  expectData(await bob.client.mutate("markDone", { messageId: first, reason: "reminder" }))
  for (const reason of ["mention", "mention", "reminder"] as const) await notify(app, bob, first, reason)
  for (let number = 2; number <= 30; number++)
    await notify(app, bob, await say(app, alice, `number ${number}`), "keyword")
  const done = { messageId: await say(app, alice, "done"), reason: "reply" } as const
  await notify(app, bob, done.messageId, "reply")
  expectData(await bob.client.mutate("markDone", done))
  await notify(app, bob, done.messageId, "reply")

  const page = await asked(app, bob, {})
  const rest = await asked(app, bob, { before: page.older ?? "" })

  expect([page.items.length, rest.items.length, rest.older]).toEqual([25, 6, null])
  const all = [...page.items, ...rest.items].map(({ message, reason }) => `${message.content} ${reason}`)
  expect(new Set(all).size).toBe(31)
  expect(rest.items.slice(-2).map(({ reason, note }) => [reason, note])).toEqual([
    ["reminder", "look"],
    ["mention", "look"],
  ])
  expect((await bob.client.query("getInbox", { before: "yesterday" })).error?.code).toBe(400)
})

test("of a followed thread only the newest message waits, for each who follows it", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const thread = expectData(
    await bob.client.mutate("createThread", { messageId: await say(app, alice, "a question") }),
  )
  for (const content of ["one", "two"])
    await notify(app, bob, await say(inThread(thread), alice, content), "thread")
  await notify(app, bob, await say(inThread(thread), alice, "@bob three"), "mention")

  expect(await listed(app, bob)).toEqual(["mention: @bob three", "thread: two"])
})

test("deleted, blocked and unreadable messages are not shown", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const gone = await say(app, alice, "@bob gone")
  await say(app, alice, "@everyone gone with it")
  const kept = await say(app, alice, "@bob kept")
  for (const id of [gone, kept]) await notify(app, bob, id, "mention")
  expect(await listed(app, bob)).toHaveLength(3)
  expect(await countInbox(app.chat.db, bob.id)).toBe(3)

  expectData(await alice.client.mutate("deleteMessage", { messageId: gone }))
  expect(await listed(app, bob)).toEqual(["mention: @bob kept", "everyone: @everyone gone with it"])
  expectData(await bob.client.mutate("blockUser", { userId: alice.id }))
  expect([await listed(app, bob), await countInbox(app.chat.db, bob.id)]).toEqual([[], 0])
  expectData(await bob.client.mutate("unblockUser", { userId: alice.id }))
  const hidden = { serverId: app.lab.id, channelId: app.general.id, id: app.lab.id, type: 0 } as const
  expectData(await alice.client.mutate("setOverwrite", { ...hidden, allow: "0", deny: "65536" }))

  // Without its history the channel can still be viewed.
  expect([await listed(app, bob), await countInbox(app.chat.db, bob.id)]).toEqual([[], 0])
  expect((await bob.client.mutate("markDone", { messageId: kept, reason: "mention" })).error?.code).toBe(403)
})

test("everything is marked as read, but reminders, and undone to where it was", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const read = await say(app, alice, "@everyone read")
  expectData(await bob.client.mutate("markChannelRead", { channelId: app.general.id }))
  await notify(app, bob, await say(app, alice, "@bob unread"), "mention")
  await notify(app, bob, read, "reminder")
  const thread = expectData(await alice.client.mutate("createThread", { messageId: read }))
  expectData(await bob.client.mutate("followThread", { channelId: thread.id }))
  await say(inThread(thread), alice, "in the thread")
  const standing = async () => ({
    open: await listed(app, bob),
    unread: await listed(app, bob, { state: "unread" }),
    channels: expectData(await bob.client.query("getUnread", null)).map(({ unread }) => unread),
    threads: expectData(await bob.client.query("getFollowedThreads", {})).map(({ unread }) => unread),
    count: await countInbox(app.chat.db, bob.id),
  })
  const before = await standing()
  expect(before).toEqual({
    open: ["mention: @bob unread", "reminder: @everyone read", "everyone: @everyone read"],
    unread: ["mention: @bob unread", "reminder: @everyone read"],
    channels: [1],
    threads: [1],
    count: 2,
  })

  const { undoId } = expectData(await bob.client.mutate("markAllRead", {}))
  expect(await standing()).toEqual({
    ...{ open: ["reminder: @everyone read"], unread: ["reminder: @everyone read"] },
    ...{ channels: [], threads: [0], count: 1 },
  })
  expect((await alice.client.mutate("undoMarkAllRead", { undoId })).error?.code).toBe(410)
  expectData(await bob.client.mutate("undoMarkAllRead", { undoId }))

  expect(await standing()).toEqual(before)
  expect((await bob.client.mutate("undoMarkAllRead", { undoId })).error?.code).toBe(410)
  const elsewhere = expectData(await bob.client.mutate("createServer", { name: "Den" }))
  expectData(await bob.client.mutate("markAllRead", { serverId: elsewhere.id }))
  expect(await standing()).toEqual(before)
})

test("a person who begins a thread, writes there or is mentioned follows it, unless they stopped", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const messageId = await say(app, alice, "a question")
  const thread = expectData(await bob.client.mutate("createThread", { messageId }))
  const follows = async (person: Person) => isFollowing(app.chat.db, person.id, thread.id)
  expect([await follows(alice), await follows(bob)]).toEqual([true, false])

  await notify(app, bob, await say(inThread(thread), alice, "@bob what do you say?"), "mention")
  expect(await follows(bob)).toBe(true)
  const [entry] = expectData(await bob.client.query("getFollowedThreads", {}))
  expect(entry).toMatchObject({ id: thread.id, unread: 1, serverName: "Lab", parentChannelName: "general" })

  expectData(await bob.client.mutate("unfollowThread", { channelId: thread.id }))
  await say(inThread(thread), bob, "nothing")
  await notify(app, bob, await say(inThread(thread), alice, "@bob really?"), "mention")
  expect([await follows(bob), expectData(await bob.client.query("getFollowedThreads", {}))]).toEqual([
    false,
    [],
  ])
  await say(app, bob, "not in a thread")
  expect(await isFollowing(app.chat.db, bob.id, app.general.id)).toBe(false)

  expectData(await bob.client.mutate("followThread", { channelId: thread.id }))
  expect(await follows(bob)).toBe(true)
  expect((await bob.client.mutate("followThread", { channelId: app.general.id })).error?.code).toBe(400)
})

test("done and deleted items are removed after 90 days, and nothing else", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const ids: string[] = []
  for (const content of ["open", "done", "deleted"]) {
    const messageId = await say(app, alice, content)
    await notify(app, bob, messageId, "keyword")
    ids.push(messageId)
  }
  const [open, done = "", deleted = ""] = ids
  expectData(await bob.client.mutate("markDone", { messageId: done, reason: "keyword" }))
  expectData(await alice.client.mutate("deleteMessage", { messageId: deleted }))
  const kept = async (days: number) => {
    await app.chat.workers.get(inboxTrimmer).run(new Date(Date.now() + days * 86_400_000))
    return (await readRows(app.chat, "select message_id as id from inbox_items")).map(({ id }) => id)
  }

  expect(await kept(89)).toHaveLength(3)
  expect(await kept(91)).toEqual([open])
})

test("who marks or follows faster than people do is refused", async () => {
  using app = await createTestChat({ RATE_LIMIT_MESSAGES: "10/10s" })
  const { alice, bob } = app.cast
  const messageId = await say(app, alice, "a question")
  const thread = expectData(await alice.client.mutate("createThread", { messageId }))
  const answers: (number | undefined)[] = []
  for (let time = 0; time <= 120; time++)
    answers.push((await bob.client.mutate("unfollowThread", { channelId: thread.id })).error?.code)

  expect([...new Set(answers.slice(0, 120)), answers[120]]).toEqual([undefined, 429])
  expect((await bob.client.mutate("markAllRead", {})).error?.code).toBe(429)
  expect((await alice.client.mutate("markAllRead", {})).success).toBe(true)
})
