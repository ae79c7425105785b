import { expect, test } from "bun:test"
import { eq, sql } from "drizzle-orm"
import { channels, messages, searchDocuments, searchLogs } from "../../../drizzle/schema.ts"
import type { Tx } from "../../../src/db/database.ts"
import { ChangeSet } from "../../../src/features/change-set.ts"
import { appendMessage, type Draft } from "../../../src/features/messages/append.ts"
import { searchRead } from "../../../src/features/search/index-sqlite.ts"
import { indexAll } from "../../../src/features/search/indexing.ts"
import { hasOutdatedWords } from "../../../src/features/search/renewal.ts"
import { SearchIndex } from "../../../src/features/search/search-index.ts"
import { bodyPhrase, wordOrTerm } from "../../../src/features/search/word-index.ts"
import { appear, createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { say } from "../../support/say.ts"
import { sqliteOf, testOnSqlite } from "../../support/test-database.ts"

type More = { before?: string; limit?: number; zone?: string }

const search = async ({ client }: Person, query: string, more: More = {}) =>
  expectData(await client.query("searchMessages", { query, ...more }))
const foundBy = async (person: Person, query: string, more?: More) =>
  (await search(person, query, more)).results.map(({ message }) => message.content)
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

test("messages not indexed when the process ended are by the next one, and a deleted channel leaves nothing", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  for (let i = 0; i < 150; i++) await say(app, alice, `before the end ${i}`)
  expect(await hasMore(app, "before", 0)).toBe(false) // or it was not left to the next one

  const { db, commits, words } = app.chat
  const index = new SearchIndex({
    db,
    commits,
    words,
    report: (error) => expect(error).toBeUndefined(),
    workers: { isOnDuty: true },
  })
  await index.start()
  await until("all are indexed", () => hasMore(app, "before", 149))
  expect(await foundBy(bob, '"the end 149"')).toEqual(["before the end 149"])

  expectData(await alice.client.mutate("deleteChannel", { channelId: app.general.id }))
  index.close()
  await index.start()
  await until("nothing is left", async () => !(await hasMore(app, "before", 0)))
  index.close()
  expect(await db.$count(searchDocuments)).toBe(0)
})

test("new messages are indexed while a large channel is removed", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { db, commits, words } = app.chat
  await commits.decide((tx) => fillChannel(tx, app.general.id, alice, 12_000))
  await indexAll(app.chat)
  const other = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "other" }),
  )
  expectData(await alice.client.mutate("deleteChannel", { channelId: app.general.id }))

  const index = new SearchIndex({
    db,
    commits,
    words,
    report: (error) => expect(error).toBeUndefined(),
    workers: { isOnDuty: true },
  })
  await index.start()
  await until("it has begun to forget", async () => !(await hasMore(app, "word", 11_999)))
  const room = { serverId: app.lab.id, channelId: other.id }
  await commits.decide((tx) => appendMessage(new ChangeSet(tx), draft(bob, room, "meanwhile")))
  index.onChange(room.channelId)
  await until("that is in the index", () => hasMore(app, "meanwhile", 0))
  index.close()

  expect(await hasMore(app, "word", 0)).toBe(true)
})

test("messages that were indexed by former rules are indexed again, once and in the background", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const { db, commits, words } = app.chat
  await commits.decide((tx) => fillChannel(tx, app.general.id, alice, 200, "deployed"))
  await indexAll(app.chat)
  const documents = await db.select().from(searchDocuments)
  await commits.decide(async (tx) => {
    for (const { id } of documents) {
      await words.delete(tx, id)
      await words.insert(tx, { id, body: "deployed", facts: `s${app.lab.id.replaceAll("-", "")}` })
    }
    // Half of them were indexed again by rules that are former ones too.
    await tx.update(searchLogs).set({ wordsVersion: 1, nextVersion: 1, renewedSeq: 100 })
  })
  expect(await foundBy(alice, "deploy")).toEqual([]) // or nothing is to be done
  expect((await search(alice, "deployed", { limit: 50 })).results).toHaveLength(50)

  const report = (error: unknown) => expect(error).toBeUndefined()
  const index = new SearchIndex({ db, commits, words, report, workers: { isOnDuty: true } })
  await index.start()
  expect(index.isFarBehind).toBe(true)
  const room = { serverId: app.lab.id, channelId: app.general.id }
  await commits.decide((tx) => appendMessage(new ChangeSet(tx), draft(alice, room, "deployed meanwhile")))
  index.onChange(room.channelId)
  await until("all are indexed again", async () => !(await hasOutdatedWords(db)))
  await until("and it knows", () => !index.isFarBehind)
  index.close()

  const isForm = { required: [wordOrTerm("deploy", ["fendeploy"])], excluded: [] }
  expect([await words.hasMore(db, isForm, 200), await words.hasMore(db, isForm, 201)]).toEqual([true, false])
  expect(await db.$count(searchDocuments)).toBe(201)
})

testOnSqlite("a search reads from the index downwards, and each result by its place", async () => {
  using app = await createTestChat()

  const plan = sqliteOf(app.database)
    .query(`explain query plan ${searchRead(app.chat.db)}`)
    .all() as {
    parent: number
    detail: string
  }[]
  const steps = plan.filter(({ parent, detail }) => parent === 0 && !detail.startsWith("CORRELATED"))

  expect(steps[0]?.detail).toMatch(/^SCAN search_index VIRTUAL TABLE INDEX/)
  expect(steps.slice(1).filter(({ detail }) => !detail.startsWith("SEARCH"))).toEqual([])
})

/** Many messages "word 1" and so on, faster than by appending them. */
async function fillChannel(
  tx: Tx,
  channelId: string,
  { id: userId }: Person,
  count: number,
  word = "word",
): Promise<void> {
  const places = Array.from({ length: count }, (_, i) => i + 1)
  for (let from = 0; from < count; from += 1000) {
    await tx.insert(messages).values(
      places.slice(from, from + 1000).map((place) => ({
        ...{ id: crypto.randomUUID(), channelId, userId, content: `${word} ${place}`, createdAt: new Date() },
        ...{ position: place, seq: place, ordinal: place },
      })),
    )
  }
  await tx.update(channels).set({ seq: count, messageCount: count }).where(eq(channels.id, channelId))
}

function draft({ id: userId, username }: Person, room: TestChat["room"], content: string): Draft {
  return { id: crypto.randomUUID(), ...room, userId, username, content, createdAt: new Date() }
}

/** Has the index a word in more than `count` messages? */
function hasMore({ chat }: TestChat, word: string, count: number): Promise<boolean> {
  return chat.words.hasMore(chat.db, { required: [bodyPhrase([word])], excluded: [] }, count)
}
