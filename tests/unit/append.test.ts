import { expect, test } from "bun:test"
import { appendMessage } from "../../src/features/messages/append.ts"
import { sendMessage } from "../../src/features/messages/send.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { noteQueries } from "../support/queries.ts"
import { readRows, testOnPostgres, testOnSqlite } from "../support/test-database.ts"

type Sent = [author: Person, content: string, id?: string]

/** Appends in step, inside one commit. */
function append({ chat, room }: TestChat, sent: Sent[]) {
  return chat.publisher.append(room.channelId, (changes) =>
    Promise.all(
      sent.map(([{ id: userId, username }, content, id = Bun.randomUUIDv7()]) =>
        appendMessage(changes, { ...room, id, userId, username, content, createdAt: new Date() }),
      ),
    ),
  )
}

/** Sends at the same time, so that all share a commit. */
function sendAtOnce({ chat, room }: TestChat, sent: Sent[]) {
  return Promise.all(
    sent.map(([{ id: userId, username }, content, id]) =>
      sendMessage(chat, { room, author: { userId, username }, input: { content, id } }),
    ),
  )
}

const logOf = async ({ cast, general }: TestChat) =>
  expectData(await cast.alice.client.query("getMessages", { channelId: general.id }))

test("messages of one commit are numbered in their order, each with its author's face", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  expectData(await alice.client.mutate("updateProfile", { displayName: "Alice A." }))
  await append(app, [[alice, "first"]])

  const appended = await append(app, [
    [bob, "1"],
    [alice, "2"],
    [alice, "3"],
    [bob, "4"],
  ])

  const log = await logOf(app)
  expect(log.map(({ content, seq, displayName }) => [content, seq, displayName])).toEqual([
    ["first", 1, "Alice A."],
    ["1", 2, null],
    ["2", 3, "Alice A."],
    ["3", 4, "Alice A."],
    ["4", 5, null],
  ])
  expect(appended.map((change) => change?.message)).toMatchObject(log.slice(1))
  const rows = await readRows(app.chat, "select ordinal from messages order by seq")
  expect(rows.map(({ ordinal }) => Number(ordinal))).toEqual([1, 2, 3, 4, 5])
})

testOnSqlite("those sent at the same time are numbered and read together, each by an insertion", async () => {
  using queries = noteQueries()
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await sendAtOnce(app, [
    [alice, "warm"],
    [bob, "warm"],
  ])
  queries.take()

  await sendAtOnce(app, [
    [alice, "1"],
    [bob, "2"],
    [bob, "3"],
    [alice, "4"],
  ])

  const tables = queries.take().map((text) => /^(?:update|insert into) "(\w+)"/.exec(text)?.[1])
  expect(tables.filter((name) => name === "channels")).toHaveLength(1)
  expect(tables.filter((name) => name === "messages")).toHaveLength(4)
  expect(tables.filter((name) => name === "read_positions")).toHaveLength(1)
})

test("one that is sent again, or twice at once, is stored once, and the others with it", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [again, twice] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
  await sendAtOnce(app, [[alice, "again", again]])

  const sent = await sendAtOnce(app, [
    [bob, "1"],
    [alice, "again", again],
    [alice, "twice", twice],
    [alice, "twice", twice],
    [bob, "2"],
  ])

  const log = await logOf(app)
  expect(log.map(({ content }) => content).toSorted()).toEqual(["1", "2", "again", "twice"])
  expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  expect(sent.map(({ content, seq }) => [content, seq])).toEqual(
    ["1", "again", "twice", "twice", "2"].map((said) => [
      said,
      log.find(({ content }) => content === said)?.seq ?? 0,
    ]),
  )
  expect(log.filter(({ userId }) => userId === bob.id).map(({ content }) => content)).toEqual(["1", "2"])
})

testOnSqlite("one that is sent twice at once does not make the commit of the others fail", async () => {
  using queries = noteQueries()
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = Bun.randomUUIDv7()
  const before = queries.all().length

  await sendAtOnce(app, [
    [alice, "twice", id],
    [bob, "1"],
    [alice, "twice", id],
  ])

  const statements = queries.all().slice(before)
  expect(statements.filter((text) => text === "COMMIT")).toHaveLength(2)
  expect(statements).not.toContain("ROLLBACK")
})

test("who had read everything has read what they sent first, and nothing after what others sent", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const positions = async () => {
    const rows = await readRows(app.chat, "select user_id, position from read_positions")
    const positionOf = new Map(rows.map((row) => [row.user_id, Number(row.position)]))
    return [alice, bob].map(({ id }) => positionOf.get(id))
  }

  await append(app, [
    [alice, "1"],
    [alice, "2"],
    [bob, "3"],
    [alice, "4"],
  ])
  expect(await positions()).toEqual([2, 0])

  expectData(await bob.client.mutate("markRead", { channelId: app.general.id, position: 4 }))
  await append(app, [
    [alice, "5"],
    [bob, "6"],
  ])
  expect(await positions()).toEqual([2, 4])
  await append(app, [[bob, "7"]])
  expect(await positions()).toEqual([2, 4])

  expectData(await bob.client.mutate("markRead", { channelId: app.general.id, position: 7 }))
  await append(app, [
    [bob, "8"],
    [bob, "9"],
  ])
  expect(await positions()).toEqual([2, 9])
})

testOnPostgres("a report of what was read, while one sends, counts what one sent as read", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await append(app, [[alice, "1"]])
  const [stored, committing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const sending = app.chat.publisher.append(app.general.id, async (changes) => {
    const author = { userId: bob.id, username: bob.username }
    await appendMessage(changes, {
      ...app.room,
      ...author,
      id: Bun.randomUUIDv7(),
      content: "2",
      createdAt: new Date(),
    })
    stored.resolve()
    await committing.promise
  })
  await stored.promise

  const reporting = bob.client.mutate("markRead", { channelId: app.general.id, position: 1 })
  await until("the report waits for the row that the message changed", async () => {
    const waiting = "datname = current_database() and wait_event_type = 'Lock'"
    return (await readRows(app.chat, `select 1 from pg_stat_activity where ${waiting}`)).length > 0
  })
  committing.resolve()

  await sending
  expectData(await reporting)
  expect(expectData(await bob.client.query("getUnread", null))).toEqual([])
})
