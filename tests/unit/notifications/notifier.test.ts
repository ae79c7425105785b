import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { keywords, notificationLevels, notificationSettings, threadFollows } from "../../../drizzle/schema.ts"
import { forever, type Level } from "../../../src/features/notification-levels/levels.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { addDevice, noticesOf, watch } from "../../support/notices.ts"
import { bits, joinLab } from "../../support/roles.ts"
import { say } from "../../support/say.ts"

const choose = (
  { chat }: TestChat,
  { id: userId }: Person,
  placeId: string,
  fields: Partial<typeof notificationLevels.$inferInsert>,
) =>
  chat.commits.decide((tx) =>
    tx
      .insert(notificationLevels)
      .values({ userId, placeId, place: "channel", updatedAt: new Date(), ...fields })
      .run(),
  )

test("people are notified of what concerns them, once, and not of the past or their own messages", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await say(app, alice, "@bob before")
  const watched = await watch(app)
  const carol = await joinLab(app, "carol")
  await app.chat.commits.decide((tx) =>
    tx.insert(keywords).values({ userId: carol.id, word: "tea time" }).run(),
  )

  const quoted = await say(app, bob, "who makes some?")
  await say(app, alice, "@bob and @alice, Tea-time!")
  await say(app, alice, "I do", { replyTo: quoted })
  await say(app, carol, "tea time")

  expect(await noticesOf(app, await watched.take())).toEqual([
    "bob: mention of @bob and @alice, Tea-time!",
    "carol: keyword of @bob and @alice, Tea-time!",
    "bob: reply of I do",
  ])
  expect(await watched.take()).toEqual([])
})

const levels: [level: Level, muted: boolean, suppressed: boolean, expected: string[]][] = [
  [
    "everything",
    false,
    false,
    ["message of hello", "mention of @bob", "everyone of @everyone", "role of @cooks"],
  ],
  ["mentions", false, false, ["mention of @bob", "everyone of @everyone", "role of @cooks"]],
  ["nothing", false, false, []],
  [
    "everything",
    true,
    false,
    ["mention of @bob, silently", "everyone of @everyone, silently", "role of @cooks, silently"],
  ],
  ["mentions", false, true, ["mention of @bob"]],
  [
    "everything",
    false,
    true,
    ["message of hello", "mention of @bob", "message of @everyone", "message of @cooks"],
  ],
]

test("levels, mutes and suppression decide who is notified", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const serverId = app.lab.id
  const role = expectData(
    await alice.client.mutate("createRole", { serverId, name: "cooks", mentionable: true }),
  )
  expectData(await alice.client.mutate("giveRole", { serverId, userId: bob.id, roleId: role.id }))
  const watched = await watch(app)
  await addDevice(app, bob)

  for (const [level, isMuted, isSuppressed, expected] of levels) {
    await app.chat.commits.decide((tx) => tx.delete(notificationLevels).run())
    await choose(app, bob, serverId, {
      level,
      isEveryoneSuppressed: isSuppressed,
      areRolesSuppressed: isSuppressed,
    })
    if (isMuted) await choose(app, bob, app.general.id, { mutedUntil: forever })
    for (const text of ["hello", "@bob", "@everyone", "@cooks"]) await say(app, alice, text)

    const told = (await noticesOf(app, await watched.take())).toSorted()
    expect([level, isMuted, isSuppressed, told]).toEqual([
      level,
      isMuted,
      isSuppressed,
      expected.map((one) => `bob: ${one}`).toSorted(),
    ])
  }
})

test("users without access, who block the author, are suspended or are bots are not notified", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [carol, , erin] = [
    await joinLab(app, "carol"),
    await joinLab(app, "dave"),
    await joinLab(app, "erin"),
  ]
  const watched = await watch(app)
  expectData(await carol.client.mutate("blockUser", { userId: alice.id }))
  await say(app, alice, "@bob @carol @dave @erin")
  await say(app, bob, "@dave")
  expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
  const denied = { serverId: app.lab.id, channelId: app.general.id, id: erin.id, type: 1 as const }
  const overwrite = { ...denied, allow: "0", deny: bits("viewChannel") }
  expectData(await alice.client.mutate("setOverwrite", overwrite))
  await app.chat.commits.decide((tx) =>
    tx.run(sql`update users set suspended_at = 1 where username = 'dave'`),
  )

  expect(await watched.take()).toEqual([])

  await app.chat.commits.decide((tx) => tx.run(sql`update users set suspended_at = null`))
  await say(app, alice, "@bob @carol @dave @erin again")
  expect(await noticesOf(app, await watched.take())).toEqual([
    "dave: mention of @bob @carol @dave @erin again",
  ])
})

test("quiet hours, do not disturb and age leave a notice without showing it", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  let now = new Date()
  const watched = await watch(app, { now: () => now })
  const isShown = async () => {
    await say(app, alice, "@bob")
    return (await watched.take()).map(({ isPushed }) => isPushed)
  }
  expect(await isShown()).toEqual([true])

  const minute = now.getUTCHours() * 60 + now.getUTCMinutes()
  const quiet = { userId: bob.id, quietFrom: minute, quietUntil: (minute + 30) % 1440 }
  await app.chat.commits.decide((tx) => tx.insert(notificationSettings).values(quiet).run())
  expect(await isShown()).toEqual([false])

  await app.chat.commits.decide((tx) => tx.delete(notificationSettings).run())
  await app.chat.commits.decide((tx) =>
    tx.run(sql`update users set presence = 'doNotDisturb' where id = ${bob.id}`),
  )
  expect(await isShown()).toEqual([false])

  await app.chat.commits.decide((tx) => tx.run(sql`update users set presence = 'online'`))
  now = new Date(Date.now() + 2 * 3_600_000)
  expect(await isShown()).toEqual([false])
  now = new Date(Date.now() + 80 * 3_600_000)
  expect(await isShown()).toEqual([])
})

test("an edit notifies newly mentioned users only, and other changes nobody", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await joinLab(app, "carol")
  const watched = await watch(app)
  const messageId = await say(app, alice, "@bob look")
  await watched.take()

  expectData(await bob.client.mutate("addReaction", { messageId, emoji: "👍" }))
  expect(await watched.take()).toEqual([])
  const edit = async (content: string) => {
    expectData(await alice.client.mutate("editMessage", { messageId, content }))
    return noticesOf(app, await watched.take())
  }
  expect(await edit("@bob, look")).toEqual([])
  expect(await edit("@bob and @carol, look")).toEqual(["carol: mention of @bob and @carol, look"])
})

test("conversations notify of everything, threads their followers", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const watched = await watch(app)
  const { id: serverId, channelId } = expectData(
    await alice.client.mutate("openConversation", { userIds: [bob.id] }),
  )
  await say({ room: { serverId, channelId } }, alice, "psst")
  const messageId = await say(app, alice, "a question")
  const thread = expectData(await alice.client.mutate("createThread", { messageId }))
  await app.chat.commits.decide((tx) =>
    tx
      .insert(threadFollows)
      .values([
        { userId: bob.id, channelId: thread.id, isFollowed: true, updatedAt: new Date() },
        { userId: app.cast.mallory.id, channelId: thread.id, isFollowed: true, updatedAt: new Date() },
      ])
      .run(),
  )
  await say({ room: { serverId: app.lab.id, channelId: thread.id } }, alice, "an answer")

  expect((await noticesOf(app, await watched.take())).toSorted()).toEqual([
    "bob: message of psst",
    "bob: thread of an answer",
  ])
})
