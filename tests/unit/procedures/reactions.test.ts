import { expect, setSystemTime, test } from "bun:test"
import type { Message } from "../../../src/features/messages/contract.ts"
import { maxNamed, maxReactions, maxReactors } from "../../../src/features/reactions/contract.ts"
import { listQuick } from "../../../src/features/reactions/store.ts"
import { Reactions } from "../../../views/reactions.tsx"
import { appear, createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { noteQueries } from "../../support/queries.ts"
import { say } from "../../support/say.ts"
import { readRows, testOnSqlite } from "../../support/test-database.ts"

const react = ({ client }: Person, messageId: string, emoji: string) =>
  client.mutate("addReaction", { messageId, emoji })
const toggle = ({ client }: Person, messageId: string, emoji: string) =>
  client.mutate("toggleReaction", { messageId, emoji })
const takeBack = ({ client }: Person, messageId: string, emoji: string) =>
  client.mutate("removeReaction", { messageId, emoji })

test("an emoji is counted once for each person, with their names, and readers get the change", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "hello")
  const { heard } = await listen(bob, app.room)

  await react(bob, id, "👍")
  await react(bob, id, "👍")
  await react(alice, id, "👍")
  await react(alice, id, "❤")
  await takeBack(bob, id, "👍")
  await takeBack(bob, id, "👍")
  await takeBack(bob, id, "🎉")

  const shown = heard.map(({ seq, extras }) => [
    seq,
    ...(extras?.reactions ?? []).map(({ emoji, count, by }) => [emoji, count, by.map((one) => one.username)]),
  ])
  expect(shown).toEqual([
    [2, ["👍", 1, ["bob"]]],
    [3, ["👍", 2, ["bob", "alice"]]],
    [4, ["👍", 2, ["bob", "alice"]], ["❤️", 1, ["alice"]]],
    [5, ["👍", 1, ["alice"]], ["❤️", 1, ["alice"]]],
  ])
  await takeBack(alice, id, "👍")
  const last = expectData(await takeBack(alice, id, "❤️"))
  expect(last.extras).toBeNull()
})

test("people who reacted are named as readers see them, also after another took theirs back", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const titleOf = ({ id, extras }: Message) =>
    String(Reactions({ messageId: id, reactions: extras?.reactions ?? [] })).match(/, by ([^"]*)"/)?.[1]
  const id = await say(app, alice, "hello")
  expectData(await bob.client.mutate("updateProfile", { displayName: "Bob B." }))

  const one = expectData(await react(bob, id, "👍"))
  const ofBob = { serverId: app.lab.id, userId: bob.id }
  expectData(await alice.client.mutate("setNickname", { ...ofBob, nickname: "Bobby" }))
  const both = expectData(await react(alice, id, "👍"))
  const again = expectData(await takeBack(alice, id, "👍"))

  expect([one, both, again].map(titleOf)).toEqual(["Bob B.", "Bob B. and alice", "Bobby"])
  // Who is called by their username is named once.
  expect(both.extras?.reactions?.[0]?.by[1]).toEqual({ userId: alice.id, username: "alice" })
})

test("a toggle adds an emoji and removes it again", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "hello")
  expectData(await react(alice, id, "👍"))
  const { heard } = await listen(bob, app.room)

  const added = expectData(await toggle(bob, id, "👍"))
  const removed = expectData(await toggle(bob, id, "👍"))

  expect(added.extras?.reactions?.[0]?.by.map(({ username }) => username)).toEqual(["alice", "bob"])
  expect(removed.extras?.reactions?.[0]?.by.map(({ username }) => username)).toEqual(["alice"])
  expect(heard.map(({ seq }) => seq)).toEqual([3, 4])
})

test("toggles that arrive at once undo each other, whichever share a commit", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "hello")
  const rows = () => readRows(app.database, "select * from reactions")
  const { heard } = await listen(alice, app.room)
  const toggles = (count: number) =>
    Promise.all(Array.from({ length: count }, async () => expectData(await toggle(bob, id, "👍"))))

  await toggles(2)
  expect(await rows()).toEqual([])

  await toggles(3)
  expect(await rows()).toHaveLength(1)
  expect(heard.at(-1)?.extras?.reactions).toMatchObject([{ emoji: "👍", count: 1 }])
  expect(heard.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6])
})

testOnSqlite("a toggle reads as much before its commit as any change of a message", async () => {
  using queries = noteQueries()
  using app = await createTestChat()
  const id = await say(app, app.cast.alice, "hello")
  expectData(await toggle(app.cast.bob, id, "👍"))
  queries.take()

  expectData(await toggle(app.cast.bob, id, "👍"))

  const ran = queries.take()
  const firstInCommit = ran.findIndex((sql) => /^delete|^insert|^update/i.test(sql)) - 1
  // The message with the viewer's standing, in one statement; then, in the commit, the message once more.
  expect(ran.slice(0, firstInCommit).filter((sql) => /^select/i.test(sql))).toHaveLength(1)
})

test("only one real emoji is one", async () => {
  using app = await createTestChat()
  const id = await say(app, app.cast.alice, "hello")

  for (const emoji of ["👍", "👍🏽", "🇩🇪", "1️⃣", "👩‍👩‍👧", "☺"]) {
    expect([emoji, (await react(app.cast.bob, id, emoji)).success]).toEqual([emoji, true])
  }
  for (const emoji of ["", "a", "1", "👍👍", " 👍", ":+1:", "<b>", "👍\u200d", "x".repeat(5000)]) {
    expect([emoji, (await react(app.cast.bob, id, emoji)).error?.code]).toEqual([emoji, 400])
  }
})

test("there is a bound to different emoji, not to people", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "hello")
  const faces = Array.from({ length: maxReactions + 1 }, (_, at) => String.fromCodePoint(0x1f600 + at))
  for (const face of faces.slice(0, -1)) expectData(await react(alice, id, face))

  const tooMany = await react(bob, id, faces.at(-1) ?? "")
  const known = await react(bob, id, faces[0] ?? "")

  expect(tooMany.error).toMatchObject({ code: 400, message: expect.stringContaining(String(maxReactions)) })
  expect(known.data?.extras?.reactions?.[0]?.count).toBe(2)
})

test("of many people the first are named, and all can be read page by page", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const id = await say(app, alice, "hello")
  const crowd = await gather(app, maxReactors + 10)
  // Each in a millisecond of its own: within one they are in no order.
  const now = Date.now()
  try {
    for (const [at, person] of crowd.entries()) {
      setSystemTime(now + at)
      expectData(await react(person, id, "👍"))
    }
  } finally {
    setSystemTime()
  }

  const first = crowd[0] ?? alice
  const after = expectData(await takeBack(first, id, "👍")).extras?.reactions?.[0]
  expect([after?.count, after?.by.length]).toEqual([crowd.length - 1, maxNamed])
  expect(after?.by.at(-1)?.username).toBe(crowd[maxNamed]?.username ?? "")

  const page = async (from?: string) => {
    const asked = { messageId: id, emoji: "👍", ...(from && { after: from }) }
    return expectData(await alice.client.query("getReactions", asked)).people
  }
  const one = await page()
  const two = await page(one.at(-1)?.userId)
  expect(one).toHaveLength(maxReactors)
  expect(new Set([...one, ...two].map(({ userId }) => userId)).size).toBe(crowd.length - 1)
})

test("deleted messages lose their reactions and take no new ones", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, alice, "hello")
  expectData(await react(bob, id, "👍"))
  const rows = () => readRows(app.database, "select * from reactions")
  expect(await rows()).toHaveLength(1)

  const deleted = expectData(await alice.client.mutate("deleteMessage", { messageId: id }))

  expect(deleted.extras).toBeNull()
  expect(await rows()).toEqual([])
  expect((await react(bob, id, "👍")).error?.code).toBe(410)
  expect((await toggle(bob, id, "👍")).error?.code).toBe(410)
})

test("reactions are rate limited", async () => {
  using app = await createTestChat({ RATE_LIMIT_MESSAGES: "100/10s" })
  const { alice, bob } = app.cast
  const id = await say(app, alice, "hello")
  const codes: (number | undefined)[] = []
  for (let at = 0; at < 30; at++) {
    const { error } = await (at % 2 ? takeBack(bob, id, "👍") : react(bob, id, "👍"))
    codes.push(error?.code)
    if (error) expect(error.retryAfterSeconds).toBeGreaterThan(0)
  }

  expect(codes.filter((code) => code === 429).length).toBeGreaterThan(5)
  expect((await react(alice, id, "👍")).success).toBe(true)
})

test("what someone uses most is offered first", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  for (const emoji of ["🦊", "🦊", "🐢", "🦊", "🐢"]) {
    expectData(await react(bob, await say(app, alice, "hello"), emoji))
  }

  expect((await listQuick(app.chat.db, bob.id)).slice(0, 3)).toEqual(["🦊", "🐢", "👍"])
  expect(await listQuick(app.chat.db, alice.id)).not.toContain("🦊")
})

async function gather(app: TestChat, count: number): Promise<Person[]> {
  const { code } = expectData(await app.cast.alice.client.mutate("createInvite", { serverId: app.lab.id }))
  const crowd = await Promise.all(Array.from({ length: count }, (_, at) => appear(app.chat, `person${at}`)))
  for (const { client } of crowd) expectData(await client.mutate("joinServer", { code }))
  return crowd
}
