import { expect, test } from "bun:test"
import { findNotified, levelsFor } from "../../../src/features/notification-levels/levels-for.ts"
import { MuteDuty } from "../../../src/features/notifications/mute-duty.ts"
import { notifier } from "../../../src/features/notifications/notifier.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"
import { changeRows } from "../../support/test-database.ts"

const levelsIn = async (
  { client }: Person,
  place: { serverId?: string; categoryId?: string; channelId?: string },
) => expectData(await client.query("getNotificationLevels", place))

/** What is unread in the server's channel, as the API and the lists of pages say. */
async function shownTo({ chat, general, lab }: TestChat, { id, client }: Person) {
  const unread = expectData(await client.query("getUnread", null))
  const told = unread.find(({ channelId }) => channelId === general.id)
  const channel = (await chat.roomCache.channel({ id }, general.id))?.channel
  if (!channel) throw new Error("They may not read it")
  const elsewhere = await chat.roomCache.sidebar(id, { ...channel, id: "elsewhere" })
  const listed = elsewhere.channels.find((each) => each.id === general.id)
  const server = elsewhere.servers.find((each) => each.id === lab.id)
  return {
    api: told && `${told.unread} ${told.mentions}${told.isMuted ? " muted" : ""}`,
    list: `${listed?.unread} ${listed?.mentions}${listed?.isMuted ? " muted" : ""}`,
    server: `${server?.unread} ${server?.mentions}`,
  }
}

test("a channel is as its category, its server and the account, and the nearest choice counts", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { client } = bob
  const serverId = app.lab.id
  const category = expectData(await alice.client.mutate("createCategory", { serverId, name: "Talk" }))
  const { id: channelId } = expectData(
    await alice.client.mutate("createChannel", { serverId, name: "tea", categoryId: category.id }),
  )
  const messageId = await say({ room: { serverId, channelId } }, alice, "a question")
  const thread = expectData(await alice.client.mutate("createThread", { messageId }))
  const all = async () => {
    const places = [{}, { serverId }, { categoryId: category.id }, { channelId }, { channelId: thread.id }]
    return Promise.all(places.map(async (place) => (await levelsIn(bob, place)).effective.level))
  }
  expect(await all()).toEqual(["mentions", "mentions", "mentions", "mentions", "mentions"])

  expectData(await client.mutate("setNotificationLevels", { level: "nothing" }))
  expect(await all()).toEqual(["nothing", "nothing", "nothing", "nothing", "nothing"])
  expectData(await client.mutate("setNotificationLevels", { categoryId: category.id, level: "everything" }))
  expect(await all()).toEqual(["nothing", "nothing", "everything", "everything", "everything"])
  expectData(await client.mutate("setNotificationLevels", { channelId: thread.id, level: "mentions" }))
  expect(await all()).toEqual(["nothing", "nothing", "everything", "everything", "mentions"])

  expect(await levelsIn(bob, { channelId: thread.id })).toMatchObject({
    place: "thread",
    around: "channel",
    chosen: { level: "mentions", isEveryoneSuppressed: null },
    inherited: { level: "everything" },
  })
  expectData(await client.mutate("setNotificationLevels", { categoryId: category.id, level: null }))
  expect(await all()).toEqual(["nothing", "nothing", "nothing", "nothing", "mentions"])
  expect((await levelsIn(alice, { channelId })).effective.level).toBe("mentions") // only bob's
})

test("numbers and bold are by the same rules in the API, the list and the server", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { client } = bob
  const { id: channelId } = app.general
  for (const text of ["hello", "@bob", "@everyone"]) await say(app, alice, text)
  expect(await shownTo(app, bob)).toEqual({ api: "3 2", list: "3 2", server: "3 2" })

  expectData(
    await client.mutate("setNotificationLevels", { serverId: app.lab.id, isEveryoneSuppressed: true }),
  )
  expect(await shownTo(app, bob)).toEqual({ api: "3 1", list: "3 1", server: "3 1" })

  expectData(await client.mutate("muteNotifications", { serverId: app.lab.id, minutes: 60 }))
  expect(await shownTo(app, bob)).toEqual({ api: "3 1 muted", list: "1 1 muted", server: "1 1" })

  expectData(await client.mutate("setNotificationLevels", { channelId, level: "nothing" }))
  expect(await shownTo(app, bob)).toEqual({ api: "3 0 muted", list: "0 0 muted", server: "0 0" })

  expectData(await client.mutate("unmuteNotifications", { serverId: app.lab.id }))
  expect(await shownTo(app, bob)).toEqual({ api: "3 0", list: "3 0", server: "3 0" })
})

test("replies and keywords count as mentions do, each message once, until it is read or gone", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  expectData(await bob.client.mutate("updateNotificationSettings", { keywords: ["tea"] }))
  await app.chat.workers.get(notifier).wake()
  const replyTo = await say(app, bob, "who makes some?")
  await say(app, alice, "@bob I do", { replyTo })
  const gone = await say(app, alice, "tea for all")
  await say(app, alice, "nothing to see")
  await app.chat.workers.get(notifier).wake()
  await app.chat.workers.get(notifier).settle()
  expect(await shownTo(app, bob)).toEqual({ api: "3 2", list: "3 2", server: "3 2" })

  expectData(await alice.client.mutate("deleteMessage", { messageId: gone }))
  expect((await shownTo(app, bob)).list).toEndWith(" 1")
  expectData(await bob.client.mutate("setNotificationLevels", { level: "nothing" }))
  expect((await shownTo(app, bob)).list).toEndWith(" 0")
  expectData(await bob.client.mutate("setNotificationLevels", { level: null }))
  expectData(await bob.client.mutate("markChannelRead", { channelId: app.general.id }))
  expect((await shownTo(app, bob)).list).toBe("0 0")
})

test("a conversation notifies of everything until it is muted", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { id, channelId } = expectData(await alice.client.mutate("openConversation", { userIds: [bob.id] }))
  await say({ room: { serverId: id, channelId } }, alice, "psst")
  const seen = async () => {
    const [one] = expectData(await bob.client.query("getConversations", null))
    return [one?.unread, one?.mentions, one?.isMuted]
  }
  expectData(await bob.client.mutate("setNotificationLevels", { level: "nothing" }))
  expect(await seen()).toEqual([1, 1, false])

  expectData(await bob.client.mutate("muteNotifications", { channelId, minutes: null }))
  expect(await seen()).toEqual([1, 0, true])
  expect(await levelsIn(bob, { channelId })).toMatchObject({
    around: null,
    isMutedForGood: true,
    mutedUntil: null,
  })
})

test("a mute ends by itself, and open pages show it", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  await say(app, app.cast.alice, "hello")
  const { mutedUntil } = expectData(
    await bob.client.mutate("muteNotifications", { channelId: app.general.id, minutes: 15 }),
  )
  expect(mutedUntil && mutedUntil.getTime() - Date.now()).toBeWithin(14 * 60_000, 15 * 60_000 + 1)
  const updated: string[] = []
  const server = { updateResources: async (resources: string[]) => void updated.push(...resources) }
  const duty = new MuteDuty({ ...app.chat, db: app.chat.db, server })

  await duty.run(new Date(Date.now() + 14 * 60_000))
  expect((await shownTo(app, bob)).list).toBe("0 0 muted")
  expect(updated).toEqual([])

  await duty.run(new Date(Date.now() + 15 * 60_000))
  expect((await shownTo(app, bob)).list).toBe("1 0")
  expect(updated).toContain(`reading/user/${bob.id}`)
  expect((await levelsFor(app.chat.db, bob.id)).choiceFor(app.general.id)?.mutedUntil ?? null).toBe(null)
})

test("updates of pages include the levels of each place", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { client } = bob
  const serverId = app.lab.id
  const category = expectData(await alice.client.mutate("createCategory", { serverId, name: "Talk" }))
  const tea = expectData(
    await alice.client.mutate("createChannel", { serverId, name: "tea", categoryId: category.id }),
  )
  expect(await findNotified(app.chat.db, bob.id)).toEqual({ levels: {}, quiet: undefined })

  expectData(await client.mutate("setNotificationLevels", { serverId, level: "everything" }))
  expectData(await client.mutate("muteNotifications", { categoryId: category.id, minutes: null }))
  const { levels } = await findNotified(app.chat.db, bob.id)
  expect(Object.keys(levels).toSorted()).toEqual([serverId, tea.id, "account", "conversations"].toSorted())
  expect(levels[tea.id]).toMatchObject({ level: "everything", isMuted: true })
  expect(levels[serverId]).toMatchObject({ level: "everything", isMuted: false })
  expect(levels.account).toMatchObject({ level: "mentions" })
  expect(levels.conversations).toMatchObject({ level: "everything" })
})

test("quiet hours and keywords are stored normalized", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const update = (input: object) => bob.client.mutate("updateNotificationSettings", input)
  expect(expectData(await update({ keywords: ["Tea Time!", "tea  time", "Żółw"] })).keywords).toEqual([
    "tea time",
    "zolw",
  ])
  expectData(await update({ quietFrom: "22:00", quietUntil: "07:30", timeZone: "Asia/Tokyo" }))
  const at = new Date("2026-11-29T13:30:00Z")
  expect((await findNotified(app.chat.db, bob.id, at)).quiet).toEqual([
    Date.parse("2026-11-29T13:00:00Z"),
    Date.parse("2026-11-29T22:30:00Z"),
  ])
  // The settings' zone goes before that of the browser.
  expectData(await bob.client.mutate("updateSettings", { timeZone: "UTC" }))
  expect((await findNotified(app.chat.db, bob.id, at)).quiet).toEqual([
    Date.parse("2026-11-29T22:00:00Z"),
    Date.parse("2026-11-30T07:30:00Z"),
  ])

  const refused: [input: object, path: string][] = [
    [{ keywords: ["!!"] }, "keywords.0"],
    [{ keywords: ["one two three four five"] }, "keywords.0"],
    [{ keywords: Array.from({ length: 51 }, (_, i) => `word${i}`) }, "keywords"],
    [{ quietFrom: "25:00", quietUntil: "07:00" }, "quietFrom"],
    [{ quietFrom: "22:00", quietUntil: null }, "quietUntil"],
    [{ quietUntil: "22:00", quietFrom: null }, "quietFrom"],
    [{ timeZone: "Mars/Olympus" }, "timeZone"],
  ]
  for (const [input, path] of refused) {
    const { error } = await update(input)
    expect([input, error?.code, error?.issues?.[0]?.path]).toEqual([input, 400, path])
  }
})

test("what somebody may not see they cannot ask about, and one place is named at most", async () => {
  using app = await createTestChat()
  const { mallory, bob } = app.cast
  const { id: channelId } = app.general
  const asked = async ({ client }: Person, place: object) =>
    (await client.mutate("setNotificationLevels", { ...place, level: "everything" as const })).error?.code
  expect(await asked(mallory, { channelId })).toBe(403)
  expect(await asked(mallory, { serverId: app.lab.id })).toBe(403)
  expect(await asked(bob, { channelId: "none" })).toBe(404)
  expect(await asked(bob, { categoryId: "none" })).toBe(404)
  expect(await asked(bob, { channelId, serverId: app.lab.id })).toBe(400)

  await changeRows(app.chat, "delete from notification_levels")
  expectData(await bob.client.mutate("setNotificationLevels", { channelId, level: null }))
  expect((await levelsFor(app.chat.db, bob.id)).choiceFor(channelId)).toBeUndefined() // nothing chosen is nothing stored
})
