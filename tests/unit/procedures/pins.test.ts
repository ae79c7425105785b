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
    [rules, 4, true],
    [lunch, 5, undefined],
  ])
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

test("a board has room for so many", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  for (let at = 0; at < maxPins; at++) expectData(await pin(alice, await say(app, alice, `${at}`)))
  const more = await say(app, alice, "one more")

  const refused = await pin(alice, more)

  expect(refused.error).toMatchObject({ code: 400, message: expect.stringContaining("Unpin one first") })
  expect((await pinsOf(app)).length).toBe(maxPins)
})
