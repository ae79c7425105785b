import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { appear, createTestChat, expectData, type Person } from "../../support/chat.ts"
import { say } from "../../support/say.ts"
import { foundBy, hasMore, search } from "../../support/searches.ts"

const refusalOf = async ({ client }: Person, query: string) =>
  (await client.query("searchMessages", { query })).error

test("all words are found in any order, newest first, also in messages sent just now", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await say(app, alice, "The Release is done")
  await say(app, bob, "no release today")
  await say(app, bob, "done with it, release or not")

  expect(await foundBy(bob, "release DONE")).toEqual(["done with it, release or not", "The Release is done"])
  expect(await foundBy(bob, '"release is"')).toEqual(["The Release is done"])
  expect(await foundBy(bob, '"is release"')).toEqual([])
  expect(await foundBy(bob, "release -done")).toEqual(["no release today"])
  expect(await foundBy(bob, "rele")).toEqual([])
  expect(await foundBy(bob, "rele* no")).toEqual(["no release today"])
  expect(await foundBy(bob, "releases -done")).toEqual(["no release today"])
  expect(await foundBy(bob, '"releases"')).toEqual([])

  const [newest] = (await search(bob, "release")).results
  expect(newest).toMatchObject({ serverName: "Lab", channelName: "general", isThread: false })
  expect(newest?.snippet).toEqual([
    { text: "done with it, ", isMatch: false },
    { text: "release", isMatch: true },
    { text: " or not", isMatch: false },
  ])
})

test("CJK is found by one letter, two and more; accents may be left out or written", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  for (const text of ["今日は会議があります", "議会の会", "한국어를 배워요", "Grüße aus Malmö", "สวัสดีครับ"])
    await say(app, alice, text)

  expect(await foundBy(alice, "議")).toEqual(["議会の会", "今日は会議があります"])
  expect(await foundBy(alice, "会議")).toEqual(["今日は会議があります"])
  expect(await foundBy(alice, "会議があり")).toEqual(["今日は会議があります"])
  expect(await foundBy(alice, "한국")).toEqual(["한국어를 배워요"])
  expect(await foundBy(alice, "malmo grusse")).toEqual(["Grüße aus Malmö"])
  expect(await foundBy(alice, "MÁLMÖ")).toEqual(["Grüße aus Malmö"])
  expect(await foundBy(alice, "สวัส")).toEqual(["สวัสดีครับ"])
})

test("only what one may read is found: own servers, conversations, threads; no longer after one is removed", async () => {
  using app = await createTestChat()
  const { alice, bob, mallory } = app.cast
  const parent = await say(app, alice, "secret plan")
  const thread = expectData(await bob.client.mutate("createThread", { messageId: parent }))
  await say({ room: { serverId: app.lab.id, channelId: thread.id } }, bob, "secret thread")
  const talk = expectData(await alice.client.mutate("openConversation", { userIds: [bob.id] }))
  await say({ room: { serverId: talk.id, channelId: talk.channelId } }, alice, "secret talk")

  expect(await foundBy(alice, "secret")).toEqual(["secret talk", "secret thread", "secret plan"])
  expect(await foundBy(alice, "secret in:@bob")).toEqual(["secret talk"])
  expect(await foundBy(alice, "secret in:general")).toEqual(["secret thread", "secret plan"])
  const [inTalk, inThread] = (await search(bob, "secret")).results
  expect(inTalk).toMatchObject({ serverName: "", channelName: "alice", isConversation: true })
  expect(inThread).toMatchObject({ serverName: "Lab", isThread: true })
  expect(await foundBy(mallory, "secret")).toEqual([])
  const carol = await appear(app.chat, "carol")
  await carol.client.mutate("createServer", { name: "Elsewhere" })
  expect(await foundBy(carol, "secret")).toEqual([])

  expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
  expect(await foundBy(bob, "secret")).toEqual(["secret talk"])
})

test("an edited message is found by what it says now, a deleted one never, and neither is anything left of it", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const [edited, deleted] = [await say(app, alice, "apples today"), await say(app, alice, "apples again")]
  expect(await foundBy(alice, "apples")).toHaveLength(2) // or it was never there

  expectData(await alice.client.mutate("editMessage", { messageId: edited, content: "pears today" }))
  expectData(await alice.client.mutate("deleteMessage", { messageId: deleted }))

  expect(await foundBy(alice, "apples")).toEqual([])
  expect(await foundBy(alice, "pears today")).toEqual(["pears today"])
  expect(await hasMore(app, "apples", 0)).toBe(false)
  expect([await hasMore(app, "pears", 0), await hasMore(app, "pears", 1)]).toEqual([true, false])
})

test("operators narrow it down, alone too", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const random = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "off topic" }),
  )
  await say(app, alice, "look at https://example.org/a for @bob")
  await say(app, bob, "a plain one")
  await say(
    { room: { serverId: app.lab.id, channelId: random.id } },
    bob,
    "elsewhere, `https://code.example`",
  )

  expect(await foundBy(alice, "from:bob")).toEqual(["elsewhere, `https://code.example`", "a plain one"])
  expect(await foundBy(bob, "from:me plain")).toEqual(["a plain one"])
  expect(await foundBy(alice, "-from:@Bob")).toEqual(["look at https://example.org/a for @bob"])
  expect(await foundBy(alice, "from:bob from:alice a")).toHaveLength(2)
  expect(await foundBy(alice, 'in:"Off Topic"')).toEqual(["elsewhere, `https://code.example`"])
  expect(await foundBy(alice, 'in:#general in:"lab #off topic" from:bob')).toHaveLength(2)
  expect(await foundBy(alice, "in:lab")).toHaveLength(3)
  expect(await foundBy(alice, "has:link")).toEqual(["look at https://example.org/a for @bob"])
  expect(await foundBy(bob, "mentions:me")).toEqual(["look at https://example.org/a for @bob"])
  expect(await foundBy(alice, "mentions:alice")).toEqual([])
})

test("days are the reader's: before, after and on", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const at = async (content: string, time: string) => {
    const id = await say(app, alice, content)
    await app.chat.commits.decide((tx) =>
      tx.run(sql`update messages set created_at = ${Date.parse(time)} where id = ${id}`),
    )
  }
  await at("one", "2026-01-30T23:30:00Z")
  await at("two", "2026-01-31T12:00:00Z")
  await at("three", "2026-02-01T00:00:00Z")

  expect(await foundBy(alice, "before:2026-01-31")).toEqual(["one"])
  expect(await foundBy(alice, "after:2026-01-31")).toEqual(["three"])
  expect(await foundBy(alice, "on:2026-01-31")).toEqual(["two"])
  expect(await foundBy(alice, "on:2026-01-31", { zone: "Europe/Berlin" })).toEqual(["two", "one"])
  expect(await foundBy(alice, "after:2026-01-30 before:2026-02-01")).toEqual(["two"])
  expect(await foundBy(alice, "before:9998-12-31 after:1970-01-01")).toHaveLength(3)
  expect((await refusalOf(alice, "after:2026-02-01 before:2026-01-01"))?.message).toContain(
    "No day matches both",
  )
})

test("unknown people and places are named, those one cannot see as those that are not there", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast

  for (const query of ["from:zed", "from:mallory", "mentions:mallory"]) {
    expect((await refusalOf(alice, query))?.message).toMatch(/^No user named “(zed|mallory)”/)
  }
  expect(await refusalOf(alice, "x in:#gener")).toMatchObject({
    code: 400,
    message: "No channel, server or conversation named “#gener”. Did you mean in:#general?",
    issues: [{ path: "query" }],
  })
  await say(app, bob, "goodbye")
  expectData(await bob.client.mutate("leaveServer", { serverId: app.lab.id }))
  expect(await foundBy(alice, "from:bob")).toEqual(["goodbye"])
})

test("pages follow each other without holes while more is written", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  for (let i = 1; i <= 5; i++) await say(app, alice, `word ${i}`)
  const first = await search(alice, "word", { limit: 2 })
  await say(app, alice, "word 6")

  const second = await search(alice, "word", { limit: 2, before: first.older ?? "" })
  const third = await search(alice, "word", { limit: 2, before: second.older ?? "" })

  const texts = [first, second, third].flatMap(({ results }) => results.map(({ message }) => message.content))
  expect(texts).toEqual(["word 5", "word 4", "word 3", "word 2", "word 1"])
  expect(third.older).toBeNull()
})
