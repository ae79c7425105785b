import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import type { Tx } from "../../src/db/database.ts"
import { openDatabase } from "../../src/db/open.ts"
import { openSqlite } from "../../src/db/sqlite/open.ts"
import { ChangeSet } from "../../src/features/change-set.ts"
import { appendMessage, type Draft } from "../../src/features/messages/append.ts"
import type { Message } from "../../src/features/messages/contract.ts"
import {
  deleteContent,
  findHead,
  listChanges,
  listTail,
  updateContent,
} from "../../src/features/messages/store.ts"
import { createTestChat, expectData, type TestChat } from "../support/chat.ts"
import { temporaryFolder } from "../support/process.ts"
import { readRows, testOnSqlite } from "../support/test-database.ts"

const at = new Date(1000)

describe("a channel's log", () => {
  test("numbers its changes without a gap, each channel for itself", async () => {
    using app = await createTestChat()
    const { db } = app.chat
    const random = await makeChannel(app, "random")

    const numbers = await app.chat.commits.decide(async (tx) => [
      await appendMessage(new ChangeSet(tx), draft(app, "a")),
      await appendMessage(new ChangeSet(tx), { ...draft(app, "x"), channelId: random }),
      await appendMessage(new ChangeSet(tx), draft(app, "b")),
      await updateContent(new ChangeSet(tx), "a", { content: "a, edited", editedAt: at }),
      await appendMessage(new ChangeSet(tx), { ...draft(app, "y"), channelId: random }),
      await deleteContent(new ChangeSet(tx), "b", at),
      await appendMessage(new ChangeSet(tx), draft(app, "c")),
    ])

    expect(
      numbers.map((change) => [change?.message.id, change?.message.position, change?.message.seq]),
    ).toEqual([
      ["a", 1, 1],
      ["x", 1, 1],
      ["b", 2, 2],
      ["a", 1, 3],
      ["y", 2, 2],
      ["b", 2, 4],
      ["c", 5, 5],
    ])
    expect(await findHead(db, app.general.id)).toBe(5)
    expect(await findHead(db, random)).toBe(2)
  })

  test("does not move for what changes nothing", async () => {
    using app = await createTestChat()
    const { db } = app.chat

    const changes = await app.chat.commits.decide(async (tx) => [
      await appendMessage(new ChangeSet(tx), draft(app, "a")),
      await appendMessage(new ChangeSet(tx), { ...draft(app, "a"), content: "said again" }),
      await updateContent(new ChangeSet(tx), "a", { content: "a", editedAt: at }),
      await deleteContent(new ChangeSet(tx), "a", at),
      await deleteContent(new ChangeSet(tx), "a", at),
    ])
    const impossible = await app.chat.commits.decide(async (tx) => [
      await updateContent(new ChangeSet(tx), "a", { content: "back from the dead", editedAt: at }),
      await updateContent(new ChangeSet(tx), "none", { content: "from nowhere", editedAt: at }),
      await deleteContent(new ChangeSet(tx), "none", at),
      await appendMessage(new ChangeSet(tx), { ...draft(app, "lost"), channelId: "none" }),
    ])

    expect(changes.map((change) => change?.isNew)).toEqual([true, false, false, true, false])
    expect(changes[1]?.message.content).toBe("a")
    expect(impossible).toEqual([undefined, undefined, undefined, undefined])
    expect(await findHead(db, app.general.id)).toBe(2)
    expect(await listTail(db, app.general.id, 10)).toMatchObject([{ id: "a", content: "", seq: 2 }])
  })

  test("returns the changes since: each message once, as it is now, in the order of change", async () => {
    using app = await createTestChat()
    const { db } = app.chat
    const random = await makeChannel(app, "random")
    await app.chat.commits.decide(async (tx) => {
      for (const id of ["a", "b", "c"]) await appendMessage(new ChangeSet(tx), draft(app, id))
      await appendMessage(new ChangeSet(tx), { ...draft(app, "elsewhere"), channelId: random })
      await updateContent(new ChangeSet(tx), "b", { content: "b, edited", editedAt: at })
      await updateContent(new ChangeSet(tx), "b", { content: "b, edited twice", editedAt: at })
      await deleteContent(new ChangeSet(tx), "a", at)
    })

    const changes = await listChanges(db, app.general.id, 2, 100)

    expect(changes).toMatchObject([
      { id: "c", content: "c", position: 3, seq: 3 },
      { id: "b", content: "b, edited twice", position: 2, seq: 5, editedAt: at },
      { id: "a", content: "", position: 1, seq: 6, deletedAt: at },
    ])
    expect(await listChanges(db, app.general.id, 2, 2)).toEqual(changes.slice(0, 2))
    expect(await listChanges(db, app.general.id, 6, 100)).toEqual([])
  })

  test("brings a reader who left at any point to where the others are", async () => {
    using app = await createTestChat()
    const { db } = app.chat
    const steps = [
      ...["a", "b", "c"].map((id) => (tx: Tx) => appendMessage(new ChangeSet(tx), draft(app, id))),
      (tx: Tx) => updateContent(new ChangeSet(tx), "a", { content: "a, edited", editedAt: at }),
      (tx: Tx) => deleteContent(new ChangeSet(tx), "b", at),
      (tx: Tx) => appendMessage(new ChangeSet(tx), draft(app, "d")),
      (tx: Tx) => updateContent(new ChangeSet(tx), "d", { content: "d, edited", editedAt: at }),
      (tx: Tx) => deleteContent(new ChangeSet(tx), "a", at),
    ]
    const seen: Message[][] = [[]]
    for (const step of steps) {
      await app.chat.commits.decide<unknown>(step)
      seen.push(await listTail(db, app.general.id, 100))
    }

    const now = seen.at(-1) ?? []
    for (const [seq, page] of seen.entries()) {
      const changes = await listChanges(db, app.general.id, seq, 100)
      const byId = new Map([...page, ...changes].map((message) => [message.id, message]))
      expect([...byId.values()].sort((one, other) => one.position - other.position)).toEqual(now)
    }
    expect(now).toHaveLength(4)
  })
})

describe("shared commits", () => {
  test("jobs of one turn share one: none is seen before all are, and results come in order", async () => {
    using app = await createTestChat()
    const { commits } = app.chat
    // Reads see only what was committed.
    const committed = async () => (await readRows(app.database, "select id from messages")).length
    const seenFromOutside: number[] = []
    const job = (id: string) =>
      commits.append(app.general.id, async (tx) => {
        seenFromOutside.push(await committed())
        return (await appendMessage(new ChangeSet(tx), draft(app, id)))?.message.position
      })

    const positions = await Promise.all(["a", "b", "c"].map(job))

    expect(positions).toEqual([1, 2, 3])
    expect(seenFromOutside).toEqual([0, 0, 0])
    expect(await committed()).toBe(3)
    await job("d") // another turn, another commit: the first three are there
    expect(seenFromOutside).toEqual([0, 0, 0, 3])
  })

  test("a job that throws fails alone and leaves nothing; the others are stored", async () => {
    using app = await createTestChat()
    const { commits, db } = app.chat
    const good = (id: string) =>
      commits.append(
        app.general.id,
        async (tx) => (await appendMessage(new ChangeSet(tx), draft(app, id)))?.message.id,
      )
    const bad = commits.append(app.general.id, async (tx) => {
      await appendMessage(new ChangeSet(tx), draft(app, "half done"))
      throw new Error("the disk is on fire")
    })

    const results = await Promise.allSettled([good("a"), bad, good("b")])

    expect(results).toEqual([
      { status: "fulfilled", value: "a" },
      { status: "rejected", reason: new Error("the disk is on fire") },
      { status: "fulfilled", value: "b" },
    ])
    const tail = await listTail(db, app.general.id, 10)
    expect(tail.map(({ id, position }) => [id, position])).toEqual([
      ["a", 1],
      ["b", 2],
    ])
  })

  test("what waits is committed when the server stops", async () => {
    using app = await createTestChat()
    const stored = app.chat.commits.decide((tx) => appendMessage(new ChangeSet(tx), draft(app, "a")))

    await app.chat.commits.flush()

    expect(await listTail(app.chat.db, app.general.id, 10)).toMatchObject([{ id: "a" }])
    expect((await stored)?.isNew).toBe(true)
  })

  test("confirmed messages survive kill -9", async () => {
    using app = await createTestChat()
    const script = join(import.meta.dir, "../support/write-and-die.ts")
    const message = draft(app, "survivor")

    const killed = Bun.spawn([
      process.execPath,
      script,
      JSON.stringify(app.chat.config.database),
      JSON.stringify(message),
    ])
    await killed.exited

    expect(killed.signalCode).toBe("SIGKILL")
    const reopened = await openDatabase(app.chat.config.database)
    expect(await listTail(reopened.db, app.general.id, 10)).toMatchObject([{ id: "survivor", seq: 1 }])
    await reopened.close()
  })
})

testOnSqlite("a commit is durable, readers do not wait for writers, and references hold", async () => {
  using folder = temporaryFolder()
  const database = openSqlite(join(folder.path, "chat.db"))
  const pragma = (name: string) =>
    Object.values(database.sqlite.query<Record<string, unknown>, []>(`PRAGMA ${name}`).get() ?? {})[0]

  expect(pragma("synchronous")).toBe(2) // FULL
  expect(pragma("journal_mode")).toBe("wal")
  expect(pragma("foreign_keys")).toBe(1)
  expect(pragma("busy_timeout")).toBe(250)
  await database.close()
})

function draft({ cast, room }: TestChat, id: string): Draft {
  const { id: userId, username } = cast.alice
  return { id, ...room, userId, username, content: id, createdAt: at }
}

async function makeChannel({ cast, lab }: TestChat, name: string): Promise<string> {
  return expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name })).id
}
