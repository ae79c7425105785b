import { expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { channels, messages, searchDocuments, searchLogs } from "../../../drizzle/schema.ts"
import type { Tx } from "../../../src/db/database.ts"
import { ChangeSet } from "../../../src/features/change-set.ts"
import { appendMessage, type Draft } from "../../../src/features/messages/append.ts"
import { searchRead } from "../../../src/features/search/index-sqlite.ts"
import { indexAll } from "../../../src/features/search/indexing.ts"
import { hasOutdatedWords } from "../../../src/features/search/renewal.ts"
import { SearchIndex } from "../../../src/features/search/search-index.ts"
import { wordOrTerm } from "../../../src/features/search/word-index.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { say } from "../../support/say.ts"
import { foundBy, hasMore, search } from "../../support/searches.ts"
import { sqliteOf, testOnSqlite } from "../../support/test-database.ts"

test("messages not indexed when the process ended are by the next one, and a deleted channel leaves nothing", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  for (let i = 0; i < 150; i++) await say(app, alice, `before the end ${i}`)
  expect(await hasMore(app, "before", 0)).toBe(false) // or it was not left to the next one

  const index = createIndex(app)
  await index.start()
  await until("all are indexed", () => hasMore(app, "before", 149))
  expect(await foundBy(bob, '"the end 149"')).toEqual(["before the end 149"])

  expectData(await alice.client.mutate("deleteChannel", { channelId: app.general.id }))
  index.close()
  await index.start()
  await until("nothing is left", async () => !(await hasMore(app, "before", 0)))
  index.close()
  expect(await app.chat.db.$count(searchDocuments)).toBe(0)
})

test("new messages are indexed while a large channel is removed", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { commits } = app.chat
  await commits.decide((tx) => fillChannel(tx, app.general.id, alice, 12_000))
  await indexAll(app.chat)
  const other = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "other" }),
  )
  expectData(await alice.client.mutate("deleteChannel", { channelId: app.general.id }))

  const index = createIndex(app)
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

  const index = createIndex(app)
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

/** An index that is not started; it fails the test where it reports an error. */
function createIndex({ chat: { db, commits, words } }: TestChat): SearchIndex {
  const report = (error: unknown) => expect(error).toBeUndefined()
  return new SearchIndex({ db, commits, words, report, workers: { isOnDuty: true } })
}

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
