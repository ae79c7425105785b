import { expect, test } from "bun:test"
import { isFollowing } from "../../../src/features/inbox/follows.ts"
import { countInbox } from "../../../src/features/inbox/store.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { addInboxItem, inboxItems, inboxOf, inThread } from "../../support/inbox.ts"
import { say } from "../../support/say.ts"

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

  expect(await inboxItems(bob)).toEqual([
    "everyone: @everyone and @Cooks too",
    "role: @Cooks onions",
    "everyone: @everyone dinner",
  ])
  expect(await inboxItems(bob, { reason: "role" })).toEqual(["role: @Cooks onions"])
  expect([await inboxItems(alice), await inboxItems(mallory)]).toEqual([[], []])

  // Without notifications for them, they are not listed.
  for (const [chosen, rest] of [
    [{ isEveryoneSuppressed: true }, ["role: @Cooks onions"]],
    [{ areRolesSuppressed: true }, []],
    [{ isEveryoneSuppressed: false }, ["everyone: @everyone and @Cooks too", "everyone: @everyone dinner"]],
    [{ level: "nothing", areRolesSuppressed: false }, []],
    [{ level: null }, await inboxItems(bob)],
  ] as const) {
    expectData(await bob.client.mutate("setNotificationLevels", { serverId: app.lab.id, ...chosen }))
    expect([await inboxItems(bob), await countInbox(app.chat.db, bob.id)]).toEqual([[...rest], rest.length])
  }

  const item = { messageId: all, reason: "everyone" } as const
  for (let time = 1; time <= 2; time++) expectData(await bob.client.mutate("markDone", item))
  expect((await bob.client.mutate("markDone", { ...item, reason: "mention" })).error?.code).toBe(404)
  expect(await inboxItems(bob)).toHaveLength(2)
  expect(await inboxItems(bob, { state: "done" })).toEqual(["everyone: @everyone dinner"])

  expectData(await bob.client.mutate("markUndone", item))
  expect(await inboxItems(bob)).toHaveLength(3)
  expect((await bob.client.mutate("markUndone", item)).error?.code).toBe(404)
})

test("an item is listed once, a reminder comes again; pages follow each other", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const first = await say(app, alice, "number 1")
  await addInboxItem(app, bob, first, "reminder")
  expectData(await bob.client.mutate("markDone", { messageId: first, reason: "reminder" }))
  for (const reason of ["mention", "mention", "reminder"] as const)
    await addInboxItem(app, bob, first, reason)
  for (let number = 2; number <= 30; number++)
    await addInboxItem(app, bob, await say(app, alice, `number ${number}`), "keyword")
  const done = { messageId: await say(app, alice, "done"), reason: "reply" } as const
  await addInboxItem(app, bob, done.messageId, "reply")
  expectData(await bob.client.mutate("markDone", done))
  await addInboxItem(app, bob, done.messageId, "reply")

  const page = await inboxOf(bob, {})
  const rest = await inboxOf(bob, { before: page.older ?? "" })

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
    await addInboxItem(app, bob, await say(inThread(thread), alice, content), "thread")
  await addInboxItem(app, bob, await say(inThread(thread), alice, "@bob three"), "mention")

  expect((await inboxItems(bob)).toSorted()).toEqual(["mention: @bob three", "thread: two"])
})

test("deleted, blocked and unreadable messages are not shown", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const gone = await say(app, alice, "@bob gone")
  await say(app, alice, "@everyone gone with it")
  const kept = await say(app, alice, "@bob kept")
  for (const id of [gone, kept]) await addInboxItem(app, bob, id, "mention")
  expect(await inboxItems(bob)).toHaveLength(3)
  expect(await countInbox(app.chat.db, bob.id)).toBe(3)

  expectData(await alice.client.mutate("deleteMessage", { messageId: gone }))
  // Of messages of one millisecond any may be first.
  expect((await inboxItems(bob)).toSorted()).toEqual([
    "everyone: @everyone gone with it",
    "mention: @bob kept",
  ])
  expectData(await bob.client.mutate("blockUser", { userId: alice.id }))
  expect([await inboxItems(bob), await countInbox(app.chat.db, bob.id)]).toEqual([[], 0])
  expectData(await bob.client.mutate("unblockUser", { userId: alice.id }))
  const hidden = { serverId: app.lab.id, channelId: app.general.id, id: app.lab.id, type: 0 } as const
  expectData(await alice.client.mutate("setOverwrite", { ...hidden, allow: "0", deny: "65536" }))

  // Without its history the channel can still be viewed.
  expect([await inboxItems(bob), await countInbox(app.chat.db, bob.id)]).toEqual([[], 0])
  expect((await bob.client.mutate("markDone", { messageId: kept, reason: "mention" })).error?.code).toBe(403)
})

test("a person who begins a thread, writes there or is mentioned follows it, unless they stopped", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const messageId = await say(app, alice, "a question")
  const thread = expectData(await bob.client.mutate("createThread", { messageId }))
  const follows = async (person: Person) => isFollowing(app.chat.db, person.id, thread.id)
  expect([await follows(alice), await follows(bob)]).toEqual([true, false])

  await addInboxItem(app, bob, await say(inThread(thread), alice, "@bob what do you say?"), "mention")
  expect(await follows(bob)).toBe(true)
  const [entry] = expectData(await bob.client.query("getFollowedThreads", {}))
  expect(entry).toMatchObject({ id: thread.id, unread: 1, serverName: "Lab", parentChannelName: "general" })

  expectData(await bob.client.mutate("unfollowThread", { channelId: thread.id }))
  await say(inThread(thread), bob, "nothing")
  await addInboxItem(app, bob, await say(inThread(thread), alice, "@bob really?"), "mention")
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
