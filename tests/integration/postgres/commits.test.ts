import { expect, test } from "bun:test"
import { eq, sql } from "drizzle-orm"
import { channels, invites, messages } from "../../../drizzle/schema.ts"
import type { Database, Tx } from "../../../src/db/database.ts"
import { gathered } from "../../../src/db/gather.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { until } from "../../support/listen.ts"
import { createPostgresNode } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"

class Refusal extends Error {}

describeWithServices("append", () => {
  test("a flush waits for what waits now, and not for what comes meanwhile", async () => {
    await using node = await createPostgresNode()
    const { commits } = node.database
    let isFlushed = false
    let count = 0
    const writeOn = async () => {
      while (!isFlushed && count < 500)
        await commits.append("general", (tx) => insertMessage(tx, `m${count++}`))
    }
    // One of them always waits.
    const writers = [writeOn(), writeOn(), writeOn()]
    const flushed = commits.flush().then(() => {
      isFlushed = true
    })
    await Promise.all([flushed, ...writers])

    expect(count).toBeLessThan(100)
  })

  test("what comes in one turn shares a commit, in order", async () => {
    await using node = await createPostgresNode()
    const { commits } = node.database
    const sizes: number[] = []
    commits.onCommit = (_ms, writes) => void sizes.push(writes)
    const settled: number[] = []

    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        commits.append("general", (tx) => insertMessage(tx, `m${index}`)).then((seq) => settled.push(seq)),
      ),
    )

    expect(sizes).toEqual([10])
    expect(settled).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test("a write that throws takes nothing else with it, and nothing of it is stored", async () => {
    await using node = await createPostgresNode()
    const { commits, db } = node.database
    const add = (id: string) => commits.append("general", (tx) => insertMessage(tx, id))
    const refused = () =>
      commits.append("general", async (tx) => {
        await insertMessage(tx, "refused")
        throw new Refusal("no")
      })

    const outcomes = await Promise.allSettled([add("one"), refused(), add("two"), add("one"), add("three")])

    expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual([true, false, true, false, true])
    expect(outcomes[1]).toMatchObject({ reason: expect.any(Refusal) })
    expect(
      await db.select({ id: messages.id, seq: messages.seq }).from(messages).orderBy(messages.seq),
    ).toEqual([
      { id: "one", seq: 1 },
      { id: "two", seq: 2 },
      { id: "three", seq: 3 },
    ])
    expect(commits.failure).toBeNull()
  })

  test("independent writes run at once: in order, without gaps, and one that throws takes nothing with it", async () => {
    await using node = await createPostgresNode()
    const { commits, db } = node.database
    const seen: string[] = []
    const add = (id: string, isIndependent = true) =>
      commits.append(
        "general",
        async (tx) => {
          seen.push(`${id} begins`)
          const seq = await insertMessage(tx, id)
          seen.push(`${id} ends`)
          if (id === "refused") throw new Refusal("no")
          return seq
        },
        { isIndependent },
      )

    expect(await Promise.all([add("a"), add("b"), add("c", false), add("d", false)])).toEqual([1, 2, 3, 4])
    expect(seen.slice(0, 2)).toEqual(["a begins", "b begins"])
    expect(seen.slice(-4)).toEqual(["c begins", "c ends", "d begins", "d ends"])

    const outcomes = await Promise.allSettled([add("e"), add("refused"), add("f"), add("f"), add("g")])
    expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual([true, false, true, false, true])
    const stored = await db.select({ id: messages.id }).from(messages).orderBy(messages.seq)
    expect(stored.map(({ id }) => id)).toEqual(["a", "b", "c", "d", "e", "f", "g"])
    const [channel] = await db.select({ seq: channels.seq }).from(channels)
    expect(channel).toEqual({ seq: 7 })
  })

  test("one that throws ends the commit only after those beside it: none of them writes after the rollback", async () => {
    await using node = await createPostgresNode()
    const { commits, db } = node.database
    const head = gathered(
      (tx) => tx.select({ seq: channels.seq }).from(channels).all(),
      () => "general",
    )
    const isIndependent = true
    let runs = 0

    const refused = commits.append(
      "general",
      async (tx) => {
        await head(tx, "general")
        throw new Refusal("no")
      },
      { isIndependent },
    )
    const beside = commits.append(
      "general",
      async (tx) => {
        const id = `run ${++runs}`
        await head(tx, "general")
        // Other code that waits for no statement.
        for (let step = 0; step < 10; step++) await null
        return insertMessage(tx, id)
      },
      { isIndependent },
    )

    await expect(refused).rejects.toThrow("no")
    expect(await beside).toBe(1)
    expect(await db.select({ id: messages.id }).from(messages).orderBy(messages.seq)).toEqual([
      { id: "run 2" },
    ])
  })

  test("an error that `work` catches does not make a lost write look stored", async () => {
    await using node = await createPostgresNode()
    const { commits, db } = node.database

    const attempt = commits.append("general", async (tx) => {
      await insertMessage(tx, "lost")
      await tx.run(sql`select 1 / 0`).catch(() => {})
    })

    expect(attempt).rejects.toThrow("rolled back")
    await attempt.catch(() => {})
    expect(await db.$count(messages)).toBe(0)
  })

  test("a statement after the end of its commit is refused", async () => {
    await using node = await createPostgresNode()
    const { commits, db } = node.database
    const kept: { tx?: Tx } = {}
    await commits.append("general", async (tx) => {
      kept.tx = tx
    })

    expect(kept.tx && insertMessage(kept.tx, "late")).rejects.toThrow("after the end")
    expect(await db.$count(messages)).toBe(0)
  })

  test("edits of two nodes at once lose nothing: each reads what the other has written", async () => {
    await using node = await createPostgresNode()
    const other = await openPostgres(node.url)
    const read = { name: channels.name }
    const edit = ({ commits }: Database, letter: string) =>
      commits.append("general", async (tx) => {
        const channel = await tx.select(read).from(channels).where(eq(channels.id, "general")).get()
        const name = `${channel?.name}${letter}`
        await tx.update(channels).set({ name }).where(eq(channels.id, "general"))
      })

    for (let round = 0; round < 50; round++) await Promise.all([edit(node.database, "a"), edit(other, "b")])

    const channel = await other.db.select(read).from(channels).get()
    expect(channel?.name).toHaveLength("general".length + 100)
    await other.close()
  })
})

describeWithServices("decide", () => {
  test("a limit that is counted before it is used holds, with 20 writers on two nodes", async () => {
    await using node = await createPostgresNode()
    const other = await openPostgres(node.url)
    const limit = 5
    const create = ({ commits }: Database, code: string) =>
      commits.decide(async (tx) => {
        const [row] = await tx.select({ count: sql<number>`count(*)` }).from(invites)
        if (!row || row.count >= limit) throw new Refusal("full")
        await tx.insert(invites).values({ code, serverId: "lab", createdBy: "alice" })
      })

    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => create(index % 2 ? node.database : other, `code-${index}`)),
    )

    expect(await other.db.$count(invites)).toBe(limit)
    const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []))
    expect(reasons).toHaveLength(15)
    expect(reasons.filter((reason) => !(reason instanceof Refusal))).toEqual([])
    await other.close()
  })

  test("is tried again as long as another commit that it depends on waits for a slow disk", async () => {
    await using node = await createPostgresNode()
    await using other = new Bun.SQL(node.url, { max: 1 })
    // Prepared, it can neither fail any more nor be seen yet, as while the disk is written.
    await other.unsafe("begin isolation level serializable")
    await other.unsafe("select count(*) from invites")
    await other.unsafe(
      "insert into invites (code, server_id, created_by, created_at) values ('a', 'lab', 'alice', 0)",
    )
    await other.unsafe("prepare transaction 'slow'")
    let tries = 0
    const counted = node.database.commits.decide(async (tx) => {
      tries++
      const [row] = await tx.select({ count: sql<number>`count(*)`.mapWith(Number) }).from(invites)
      await tx.insert(invites).values({ code: "b", serverId: "lab", createdBy: "alice" })
      return row?.count
    })
    // Or it would have been tried too seldom for the next assertion.
    await Promise.race([until("it was tried 12 times", () => tries >= 12), counted])
    await other.unsafe("commit prepared 'slow'")

    expect(await counted).toBe(1)
  })
})

describeWithServices("versions", () => {
  test("move with the node's own commits, by kind", async () => {
    await using node = await createPostgresNode()
    const { commits, dataVersions } = node.database
    const moved = async (commit: () => Promise<unknown>) => {
      const before = [dataVersions.all, dataVersions.directory, dataVersions.unread]
      await commit()
      const after = [dataVersions.all, dataVersions.directory, dataVersions.unread]
      return after.map((version, index) => version !== before[index])
    }
    const nothing = async () => {}

    expect(await moved(async () => {})).toEqual([false, false, false])
    expect(await moved(() => commits.append("general", nothing))).toEqual([true, false, true])
    expect(await moved(() => commits.decide(nothing))).toEqual([true, true, true])
    expect(await moved(() => commits.note("nothing", nothing))).toEqual([true, false, false])
    expect(await moved(() => commits.note("unread", nothing))).toEqual([true, false, true])
    expect(await moved(async () => dataVersions.move("directory"))).toEqual([true, true, true])
  })

  test("are never the same twice while announcements may be missing, nor as before afterwards", async () => {
    await using node = await createPostgresNode()
    const { dataVersions } = node.database
    const before = dataVersions.directory
    dataVersions.distrust(true)
    const seen = [before, dataVersions.directory, dataVersions.directory]
    dataVersions.distrust(false)
    seen.push(dataVersions.directory)

    expect(new Set(seen).size).toBe(4)
    expect(dataVersions.directory).toBe(dataVersions.directory)
  })
})

async function insertMessage(tx: Tx, id: string): Promise<number> {
  const next = { seq: sql`${channels.seq} + 1`, messageCount: sql`${channels.messageCount} + 1` }
  const channel = await tx.update(channels).set(next).where(eq(channels.id, "general")).returning().get()
  const { seq, messageCount: ordinal } = channel ?? { seq: 0, messageCount: 0 }
  const values = { id, channelId: "general", userId: "alice", content: "", position: seq, seq, ordinal }
  await tx.insert(messages).values({ ...values, createdAt: new Date() })
  return seq
}
