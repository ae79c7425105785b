import { expect, test } from "bun:test"
import { gt, sql } from "drizzle-orm"
import { channels, messages } from "../../../drizzle/schema.ts"
import type { Database, Tx } from "../../../src/db/database.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { createPostgresNode, execute } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"

const writersPerNode = 3
const commitsPerWriter = 30

/** Writes one message, with a number of its own, and returns that number. */
type Write = (database: Database, id: string) => Promise<unknown>

class RolledBack extends Error {}

describeWithServices("readers that ask for what comes after the last number they saw", () => {
  test("miss nothing of a log that several nodes write, and its numbers have no gaps", async () => {
    await using node = await createPostgresNode()

    const { stored, missed } = await race(node, (database, id) =>
      database.commits.append("general", async (tx) => {
        const next = { seq: sql`${channels.seq} + 1` }
        const channel = await tx.update(channels).set(next).returning({ seq: channels.seq }).get()
        await insertSlowly(tx, id, channel?.seq ?? 0)
      }),
    )

    expect(missed).toEqual([0, 0])
    expect(stored.length).toBeGreaterThan(writersPerNode * commitsPerWriter)
    expect(stored).toEqual(stored.map((_, index) => index + 1))
  })

  test("miss some when the numbers come from a sequence, or this would prove nothing", async () => {
    await using node = await createPostgresNode()
    await execute(node.url, "create sequence numbers")

    const { missed } = await race(node, (database, id) =>
      database.commits.note("unread", async (tx) => {
        const { seq } = await tx.get<{ seq: number }>(sql`select nextval('numbers') as seq`)
        await insertSlowly(tx, id, seq)
      }),
    )

    expect(Math.min(...missed)).toBeGreaterThan(0)
  })
})

/** Lets writers on two nodes write, some in vain, while two readers read. Returns the numbers, and how many each missed. */
async function race(node: { url: string; database: Database }, write: Write) {
  const other = await openPostgres(node.url)
  let isOver = false
  const reading = [node.database, other].map((database) => follow(database, () => isOver))
  const writing = [node.database, other].flatMap((database, nodeIndex) =>
    Array.from({ length: writersPerNode }, async (_, writer) => {
      for (let commit = 0; commit < commitsPerWriter; commit++) {
        await write(database, `${nodeIndex}-${writer}-${commit}`).catch((error) => {
          if (!(error instanceof RolledBack)) throw error
        })
      }
    }),
  )
  await Promise.all(writing)
  isOver = true
  const seen = await Promise.all(reading)
  const rows = await other.db.select({ seq: messages.seq }).from(messages).orderBy(messages.seq).all()
  await other.close()
  return { stored: rows.map(({ seq }) => seq), missed: seen.map((count) => rows.length - count) }
}

/** How many messages a reader sees that always asks for what is new. */
async function follow({ db }: Database, isOver: () => boolean): Promise<number> {
  let cursor = 0
  let seen = 0
  for (;;) {
    const isLast = isOver()
    const rows = await db
      .select({ seq: messages.seq })
      .from(messages)
      .where(gt(messages.seq, cursor))
      .orderBy(messages.seq)
      .all()
    seen += rows.length
    cursor = rows.at(-1)?.seq ?? cursor
    if (isLast) return seen
  }
}

async function insertSlowly(tx: Tx, id: string, seq: number): Promise<void> {
  const values = { id, channelId: "general", userId: "alice", content: "", createdAt: new Date() }
  await tx.insert(messages).values({ ...values, position: seq, seq })
  await tx.run(sql`select pg_sleep(random() * 0.004)`)
  if (Math.random() < 0.05) throw new RolledBack()
}
