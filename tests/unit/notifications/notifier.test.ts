import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import {
  keywords,
  notificationLevels,
  notificationSettings,
  pushSubscriptions,
  threadFollows,
} from "../../../drizzle/schema.ts"
import type { Commits } from "../../../src/db/database.ts"
import { forever, type Level } from "../../../src/features/notification-levels/levels.ts"
import type { Notice } from "../../../src/features/notifications/notices.ts"
import { Notifier } from "../../../src/features/notifications/notifier.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { noteQueries } from "../../support/queries.ts"
import { bits, joinLab } from "../../support/roles.ts"
import { say } from "../../support/say.ts"
import { readRows, sqliteOf, testOnSqlite } from "../../support/test-database.ts"

/** Notices in words: who, why and of what, and whether they show up. */
async function noticesOf(app: TestChat, told: Notice[]): Promise<string[]> {
  const people = await readRows(app.chat, "select id, username from users")
  const texts = await readRows(app.chat, "select id, content from messages")
  const name = (id: string) => people.find((one) => one.id === id)?.username
  const text = (id: string) => texts.find((one) => one.id === id)?.content
  return told.map(
    ({ userId, reason, message, isPushed }) =>
      `${name(userId)}: ${reason} of ${text(message.id)}${isPushed ? "" : ", silently"}`,
  )
}

/** A notifier that begins now, and what it tells. */
async function watch(
  { chat }: TestChat,
  { commits = chat.commits, now }: { commits?: Commits; now?: () => Date } = {},
) {
  const told: Notice[] = []
  const notifier = new Notifier(
    { ...chat, db: chat.db, commits },
    {
      now,
      sinks: [async (_tx, notices) => told.push(...notices)],
    },
  )
  await notifier.wake()
  return {
    told,
    notifier,
    async take() {
      await notifier.wake()
      await notifier.settle()
      return told.splice(0)
    },
  }
}

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

const addDevice = ({ chat }: TestChat, { id: userId }: Person) =>
  chat.commits.decide((tx) =>
    tx
      .insert(pushSubscriptions)
      .values({
        id: crypto.randomUUID(),
        userId,
        endpoint: `https://${userId}.invalid`,
        p256dh: "",
        auth: "",
        name: "",
      })
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

test("after a crash at any point, the next one sends the missing notifications, each once", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  await watch(app)
  const stored: Notice[] = []
  const texts = ["@bob 1", "nothing", "@bob 2", "@bob 3"]

  // The process ends before a commit, or after it and before anything else.
  for (const isStored of [false, true, false, true, true, true]) {
    const text = texts.shift()
    if (text) await say(app, alice, text)
    let pending: Notice[] = []
    const dying: Commits = Object.create(app.chat.commits)
    dying.note = async (changed, work) => {
      if (!isStored) throw new Error("killed")
      await app.chat.commits.note(changed, work)
      stored.push(...pending)
      throw new Error("killed")
    }
    const notifier = new Notifier(
      { ...app.chat, db: app.chat.db, commits: dying },
      {
        sinks: [async (_tx, notices) => (pending = [...notices])],
      },
    )
    await notifier.wake()
    await notifier.settle().catch(() => {})
  }

  expect(await noticesOf(app, stored)).toEqual([
    "bob: mention of @bob 1",
    "bob: mention of @bob 2",
    "bob: mention of @bob 3",
  ])
})

test("of two notifiers at the same time one notifies, and cursors move only forwards", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const [one, other] = [await watch(app), await watch(app)]
  const cursor = async () =>
    Number(
      (await readRows(app.chat, sql`select seq from notified_logs where channel_id = ${app.general.id}`))[0]
        ?.seq ?? 0,
    )

  const seen = [await cursor()]
  for (let i = 1; i <= 5; i++) {
    await say(app, alice, `@bob ${i}`)
    await Promise.all([one.notifier.wake(), other.notifier.wake()])
    await Promise.all([one.notifier.settle(), other.notifier.settle()])
    seen.push(await cursor())
  }

  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(new Set(seen).size).toBe(6)
  const told = await noticesOf(app, [...one.told, ...other.told])
  expect(told.toSorted()).toEqual([1, 2, 3, 4, 5].map((i) => `bob: mention of @bob ${i}`))
})

testOnSqlite("a message looks at no member of its server but those whom it concerns", async () => {
  using queries = noteQueries()
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const role = expectData(
    await alice.client.mutate("createRole", { serverId: app.lab.id, name: "cooks", mentionable: true }),
  )
  expectData(await alice.client.mutate("giveRole", { serverId: app.lab.id, userId: bob.id, roleId: role.id }))
  await addDevice(app, bob)
  await app.chat.commits.decide((tx) => tx.insert(keywords).values({ userId: bob.id, word: "tea" }).run())
  const watched = await watch(app)
  await say(app, alice, "plain")
  await say(app, alice, "@everyone @cooks @bob tea")
  queries.take()

  await watched.notifier.wake()
  const ofPoll = new Set(queries.take())
  await watched.notifier.settle()
  const asked = [...new Set(queries.take())].filter((statement) => /^\s*select/i.test(statement))

  expect(asked.length).toBeGreaterThanOrEqual(8) // or the rest proves nothing
  expect(ofPoll.size).toBeLessThanOrEqual(3)
  const steps = asked.flatMap((statement) =>
    (sqliteOf(app.database).prepare(`explain query plan ${statement}`).all() as { detail: string }[]).map(
      ({ detail }) => detail,
    ),
  )
  // People with a device are looked through for mentions of everyone; the other lists are those that it gives itself.
  const scans = steps.filter(
    (step) => /^SCAN/.test(step) && !/json_each|push_subscriptions|keywords|CONSTANT|SCAN each/.test(step),
  )
  expect(scans).toEqual([])
  expect(steps.filter((step) => /server_members/.test(step))).not.toEqual([])
  expect(steps.filter((step) => /SEARCH (server_members|m) .*\(server_id=\?\)$/.test(step))).toEqual([])
})
