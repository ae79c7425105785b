import { expect, test } from "bun:test"
import type { InboxReason } from "../../../src/features/inbox/contract.ts"
import { countInbox } from "../../../src/features/inbox/store.ts"
import { inboxTrimmer } from "../../../src/features/inbox/trimmer.ts"
import { createTestChat, expectData, type Person } from "../../support/chat.ts"
import { addInboxItem, inboxItems, inThread } from "../../support/inbox.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

test("an item marked as unread is open, and its channel unread from there, but never read further", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const one = await say(app, alice, "@bob one")
  await addInboxItem(app, bob, one, "mention")
  await addInboxItem(app, bob, one, "reminder")
  await say(app, alice, "two")
  const three = await say(app, alice, "@everyone three")
  const mark = async (reason: InboxReason, messageId: string, { client }: Person = bob) =>
    (await client.mutate("markItemUnread", { messageId, reason })).error?.code
  const read = async () =>
    expectData(await bob.client.mutate("markChannelRead", { channelId: app.general.id }))
  const standing = async () => ({
    unread: await inboxItems(bob, { state: "unread" }),
    done: await inboxItems(bob, { state: "done" }),
    channel: expectData(await bob.client.query("getUnread", null)).map(({ unread }) => unread),
    count: await countInbox(app.chat.db, bob.id),
  })
  for (const reason of ["mention", "reminder"] as const)
    expectData(await bob.client.mutate("markDone", { messageId: one, reason }))
  await read()
  expect(await inboxItems(bob)).toEqual(["everyone: @everyone three"])

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

test("everything is marked as read, but reminders, and undone to where it was", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const read = await say(app, alice, "@everyone read")
  expectData(await bob.client.mutate("markChannelRead", { channelId: app.general.id }))
  await addInboxItem(app, bob, await say(app, alice, "@bob unread"), "mention")
  await addInboxItem(app, bob, read, "reminder")
  const thread = expectData(await alice.client.mutate("createThread", { messageId: read }))
  expectData(await bob.client.mutate("followThread", { channelId: thread.id }))
  await say(inThread(thread), alice, "in the thread")
  const standing = async () => ({
    open: await inboxItems(bob),
    unread: await inboxItems(bob, { state: "unread" }),
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

test("done and deleted items are removed after 90 days, and nothing else", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const ids: string[] = []
  for (const content of ["open", "done", "deleted"]) {
    const messageId = await say(app, alice, content)
    await addInboxItem(app, bob, messageId, "keyword")
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
