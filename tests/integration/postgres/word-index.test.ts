import { expect, test } from "bun:test"
import {
  channels,
  messages,
  searchDocuments,
  searchLogs,
  serverMembers,
  servers,
  users,
} from "../../../drizzle/schema.ts"
import type { Database, Tx } from "../../../src/db/database.ts"
import { openDatabase } from "../../../src/db/open.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { postgresWords } from "../../../src/features/search/index-postgres.ts"
import { sqliteWords } from "../../../src/features/search/index-sqlite.ts"
import {
  bodyPhrase,
  type Condition,
  type IndexDocument,
  type WordIndex,
  wordOrTerm,
  wordPrefix,
} from "../../../src/features/search/word-index.ts"
import { wordsIn } from "../../../src/features/search/words.ts"
import { searches } from "../../support/corpora/searches.ts"
import { findEach } from "../../support/find-each.ts"
import { createPostgresDatabase } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"

const documentCount = 250
const searchCount = 250
const idsPerDocument = 2048
const at = new Date(1000)
const everything = { low: 0, high: Number.MAX_SAFE_INTEGER }

/** Words of many scripts, characters that fold to several or to nothing, and what means something to an index. */
const pieces = [
  ...["a", "a", "b", "the", "Deploy", "straße", "café", "don't", "İ", "ẞ", "1234", "3.14", "0", ":c1", "cc1"],
  ...[
    "東",
    "京",
    "東京会議",
    "한국어",
    "สวัสดี",
    "👍",
    "🇩🇪",
    "👨‍👩‍👧",
    "🧑‍💻",
    "⑴",
    "½",
    "ℌ",
    "ŉ",
    "Ⅷ",
    "ﬃ",
    "ﷺ",
    "ﹰ",
  ],
  ...[
    "' & | ! <-> \\ :*",
    "x:*",
    "''",
    "\\",
    '"',
    "<->",
    "NOT",
    "AND",
    "body",
    "q".repeat(600),
    "é".repeat(1500),
  ],
]

interface Filed extends IndexDocument {
  channelId: string
  isDeleted: boolean
}

describeWithServices("the index in Postgres", () => {
  test("finds the same as SQLite's index, for random texts and queries", async () => {
    const random = seeded(12)
    const documents = Array.from({ length: documentCount }, (_, i) => makeDocument(random, i))
    await using pair = await openPair()
    await pair.fill(documents)

    let found = 0
    for (let i = 0; i < searchCount; i++) {
      const match = {
        required: [{ terms: ["ss"] }, ...makeConditions(random, documents)],
        excluded: makeConditions(random, documents),
      }
      const low = random(documentCount)
      const high = low + random(documentCount)
      const range = random(2) ? everything : { low: low * idsPerDocument, high: high * idsPerDocument }
      const search = { ...match, ...range, viewerId: "alice", limit: 1 + random(30) }
      const [inSqlite, inPostgres] = await pair.each(({ words, database }) =>
        words.listNewest(database.db, search),
      )
      expect([search, inPostgres]).toEqual([search, inSqlite])
      found += inSqlite.length
      const [less, more] = await pair.each(({ words, database }) => words.hasMore(database.db, match, i % 40))
      expect([match, more]).toEqual([match, less])
    }
    expect(found).toBeGreaterThan(500)
  }, 60_000)

  test("finds phrases in a text of more words than Postgres counts places for", async () => {
    const text = `${"a ".repeat(300)}zebra ${"filler ".repeat(20_000)}lion tiger`
    const document = {
      id: 1,
      body: foldedWords(text).join(" "),
      facts: "ss",
      channelId: "c0",
      isDeleted: false,
    }
    await using pair = await openPair()
    await pair.fill([document])

    const find = async (...phrase: string[]) => {
      const search = {
        required: [bodyPhrase(phrase)],
        excluded: [],
        ...everything,
        viewerId: "alice",
        limit: 9,
      }
      const counts = await pair.each(
        async ({ words, database }) => (await words.listNewest(database.db, search)).length,
      )
      return counts
    }
    for (const phrase of [
      ["a", "zebra"],
      ["zebra", "filler"],
      ["filler", "lion"],
      ["lion", "tiger"],
    ])
      expect([phrase, await find(...phrase)]).toEqual([phrase, [1, 1]])
    expect(await find("tiger", "lion")).toEqual([0, 0])
  })

  test("finds forms, parts and beginnings of words, as SQLite's does", async () => {
    await using pair = await openPair()

    const [inSqlite, inPostgres] = await pair.each(({ database, words }) =>
      findEach(database, words, searches),
    )
    expect(inPostgres).toEqual(searches)
    expect(inSqlite).toEqual(searches)
  })

  test("forgets deleted messages", async () => {
    await using pair = await openPair()
    const filed = { body: "hello", facts: "ss cc0", channelId: "c0", isDeleted: false }
    await pair.fill([
      { ...filed, id: 1 },
      { ...filed, id: 2 },
    ])

    await pair.each(({ words, database }) => database.commits.note("nothing", (tx) => words.delete(tx, 1)))

    expect(await pair.each(({ words, database }) => words.listIds(database.db, "cc0", 9))).toEqual([[2], [2]])
  })
})

interface Side {
  database: Database
  words: WordIndex
}

/** A database of each kind with the same user, who reads channels `c0` and `c1` but not `hidden`. */
async function openPair() {
  const created = await createPostgresDatabase()
  const sides: [Side, Side] = [
    { database: await openDatabase({ path: ":memory:" }), words: sqliteWords },
    { database: await openPostgres(created.url), words: postgresWords },
  ]
  const each = <T>(work: (side: Side) => Promise<T>) => Promise.all([work(sides[0]), work(sides[1])])
  await each(({ database }) => database.commits.decide(addChannels))
  return {
    each,
    fill: (documents: Filed[]) =>
      each(({ database, words }) =>
        database.commits.decide(async (tx) => {
          await Promise.all(documents.map((document, i) => file(tx, words, document, i + 1)))
        }),
      ),
    async [Symbol.asyncDispose]() {
      await each(({ database }) => database.close())
      await created[Symbol.asyncDispose]()
    },
  }
}

async function addChannels(tx: Tx): Promise<void> {
  await tx
    .insert(users)
    .values({ id: "alice", username: "alice", name: "alice", email: "alice@x", updatedAt: at })
  await tx.insert(servers).values([
    { id: "s", name: "Lab", ownerId: "alice" },
    { id: "other", name: "Other", ownerId: "alice" },
  ])
  await tx.insert(serverMembers).values({ serverId: "s", userId: "alice" })
  for (const [i, id] of ["c0", "c1", "hidden"].entries()) {
    await tx.insert(channels).values({ id, serverId: id === "hidden" ? "other" : "s", name: id })
    await tx.insert(searchLogs).values({ id: i + 1, channelId: id, seq: 0 })
  }
}

async function file(tx: Tx, words: WordIndex, document: Filed, position: number): Promise<void> {
  const { id, body, facts, channelId, isDeleted } = document
  const log = 1 + ["c0", "c1", "hidden"].indexOf(channelId)
  await tx.insert(searchDocuments).values({ id, log, position })
  await tx.insert(messages).values({
    ...{ id: `m${position}`, channelId, userId: "alice", content: body.slice(0, 50), createdAt: at },
    ...{ position, seq: position, ordinal: position, deletedAt: isDeleted ? at : null },
  })
  await words.insert(tx, { id, body, facts })
}

type Random = (below: number) => number

function seeded(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const pick = <T>(random: Random, list: T[]): T => list[random(list.length)] as T
const foldedWords = (text: string) => wordsIn(text.normalize("NFC")).map(({ word }) => word)

function makeText(random: Random, most: number): string {
  const chosen = Array.from({ length: 1 + random(most) }, () => pick(random, pieces))
  return chosen.join(pick(random, [" ", " ", "", "-", "\n"]))
}

function makeDocument(random: Random, i: number): Filed {
  const channelId = pick(random, ["c0", "c0", "c1", "hidden"])
  return {
    id: i * idsPerDocument + random(2),
    body: foldedWords(makeText(random, pick(random, [2, 5, 30]))).join(" "),
    facts: `ss c${channelId} u${random(5)} t0x${Math.floor(i / 50)}`,
    channelId,
    isDeleted: random(20) === 0,
  }
}

/** Up to two conditions, most of them about words that some document has. */
function makeConditions(random: Random, documents: Filed[]): Condition[] {
  const conditions = Array.from({ length: random(3) }, (): Condition => {
    const kind = random(8)
    if (kind === 0)
      return { terms: [pick(random, ["ccc0", "cc0", "u1", "0"]), pick(random, ["u2", "t0x3", "none"])] }
    if (kind === 1) return bodyPhrase(foldedWords(makeText(random, 2)).slice(0, 4))

    const words = pick(random, documents).body.split(" ")
    const word = pick(random, words) || "a"
    if (kind === 2) return wordOrTerm(word, [pick(random, ["u1", "none", "cc1"]), "u7"])
    if (kind === 3) return wordPrefix([...word].slice(0, 1 + random(4)).join(""))
    const from = random(words.length)
    return bodyPhrase(words.slice(from, from + 1 + random(3)))
  })
  return conditions.filter((one) => !("phrase" in one) || one.phrase.length > 0)
}
