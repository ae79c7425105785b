import { expect, setSystemTime, test } from "bun:test"
import { pins, servers } from "../../../drizzle/schema.ts"
import { maxPins } from "../../../src/features/pins/contract.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

const pin = ({ client }: Person, messageId: string) => client.mutate("pinMessage", { messageId })
const unpin = ({ client }: Person, messageId: string) => client.mutate("unpinMessage", { messageId })
const pinsOf = async ({ cast, general }: TestChat) =>
  expectData(await cast.bob.client.query("getPins", { channelId: general.id })).map(({ content }) => content)

test("the owner pins what stays at hand, and every reader sees it", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [rules, lunch] = [await say(app, bob, "the rules"), await say(app, alice, "lunch")]
  const { heard } = await listen(bob, app.room)

  expectData(await pin(alice, lunch))
  expectData(await pin(alice, rules))
  expectData(await pin(alice, rules))
  expect(await pinsOf(app)).toEqual(["the rules", "lunch"])
  expectData(await unpin(alice, lunch))
  expectData(await unpin(alice, lunch))

  expect(await pinsOf(app)).toEqual(["the rules"])
  expect(heard.map(({ id, seq, extras }) => [id, seq, extras?.pinned])).toEqual([
    [lunch, 3, true],
    [expect.any(String), 4, undefined],
    [rules, 5, true],
    [expect.any(String), 6, undefined],
    [lunch, 7, undefined],
  ])
})

test("a pin is said once, in the message's own channel, with a quote that stays up to date", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const serverId = app.lab.id
  await app.chat.commits.decide((tx) => tx.update(servers).set({ systemChannelId: app.general.id }).run())
  const staff = expectData(await alice.client.mutate("createChannel", { serverId, name: "staff" }))
  const secret = await say({ room: { serverId, channelId: staff.id } }, alice, "the secret")
  const general = await say(app, bob, "the rules")

  for (const id of [secret, secret, general]) expectData(await pin(alice, id))
  expectData(await alice.client.mutate("editMessage", { messageId: secret, content: "our secret" }))

  for (const [channelId, quote] of [
    [staff.id, { id: secret, username: "alice", excerpt: "our secret" }],
    [app.general.id, { id: general, username: "bob", excerpt: "the rules" }],
  ] as const) {
    const [, notice, ...rest] = expectData(await alice.client.query("getMessages", { channelId }))
    expect(notice).toMatchObject({
      content: "**alice** pinned a message.",
      extras: { bot: { name: "Lab" }, replyTo: quote },
    })
    expect(rest).toEqual([])
  }
})

test("the notice of a pin is read for its author, and unread for others", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "the rules")
  expectData(await bob.client.mutate("markRead", { channelId: app.general.id, position: 1 }))

  expectData(await pin(alice, id))

  const unreadOf = async ({ client }: Person) => expectData(await client.query("getUnread", null))
  expect(await unreadOf(alice)).toEqual([])
  expect(await unreadOf(bob)).toMatchObject([{ channelId: app.general.id, unread: 1 }])
})

test("other members may not, but in a direct conversation everyone may", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const id = await say(app, bob, "mine")
  expect((await pin(bob, id)).error?.code).toBe(403)
  expect(await pinsOf(app)).toEqual([])

  await app.chat.commits.decide((tx) => tx.update(servers).set({ kind: "direct" }).run())

  expect((await pin(bob, id)).success).toBe(true)
  expect(await pinsOf(app)).toEqual(["mine"])
})

test("of two pinned in one millisecond too, the last comes first", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const ids = [await say(app, alice, "b"), await say(app, alice, "c"), await say(app, alice, "a")]
  setSystemTime(new Date())
  try {
    for (const id of ids) expectData(await pin(alice, id))
  } finally {
    setSystemTime()
  }

  expect(await pinsOf(app)).toEqual(["a", "c", "b"])
  const times = await app.chat.db.select({ at: pins.createdAt }).from(pins).all()
  expect(new Set(times.map(({ at }) => at.getTime())).size).toBe(3)
})

test("a deleted message leaves the board, and cannot come back", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const id = await say(app, alice, "the rules")
  expectData(await pin(alice, id))

  expectData(await alice.client.mutate("deleteMessage", { messageId: id }))

  expect(await pinsOf(app)).toEqual([])
  expect((await pin(alice, id)).error?.code).toBe(410)
  expect(await readRows(app.database, "select * from pins")).toEqual([])
})

test("pins are limited", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  for (let at = 0; at < maxPins; at++) expectData(await pin(alice, await say(app, alice, `${at}`)))
  const more = await say(app, alice, "one more")

  const refused = await pin(alice, more)

  expect(refused.error).toMatchObject({ code: 400, message: expect.stringContaining("Unpin one first") })
  expect((await pinsOf(app)).length).toBe(maxPins)
})
