import { expect, test } from "bun:test"
import { eq, sql } from "drizzle-orm"
import { channels, servers, users } from "../../../drizzle/schema.ts"
import { startPostgres } from "../../../src/cli/services/postgres.ts"
import type { Database, Tx } from "../../../src/db/database.ts"
import { storageFailure } from "../../../src/db/failures.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { ownTime } from "../../support/own-time.ts"
import { createPostgresNode } from "../../support/postgres.ts"
import { createProxy } from "../../support/proxy.ts"
import { describeWithServices } from "../../support/services.ts"

const deadlineMs = 500

describeWithServices("a network that swallows what is sent", () => {
  test("fails reads and each kind of commit in time, and the next ones work on new connections", async () => {
    await using node = await createPostgresNode()
    const way = await createProxy(Number(new URL(node.url).port))
    const database = await openPostgres(throughProxy(node.url, way.origin), { deadlineMs })
    await Promise.all(uses(database).map((use) => use()))

    way.freeze()
    using asked = ownTime()
    const outcomes = await Promise.allSettled(uses(database).map((use) => use()))

    expect(asked.ms()).toBeLessThan(deadlineMs * 2)
    const codes = outcomes.map(
      (outcome) => outcome.status === "rejected" && storageFailure(outcome.reason)?.code,
    )
    expect(codes).toEqual(Array(5).fill("POSTGRES_NO_ANSWER"))
    expect(database.commits.failure?.code).toBe("POSTGRES_NO_ANSWER")

    await Promise.all(uses(database).map((use) => use()))
    expect(database.commits.failure).toBeNull()
    await database.close()
    way.close()
  })

  test("keeps a channel locked for others no longer than twice the deadline", async () => {
    await using node = await createPostgresNode({ deadlineMs })
    const way = await createProxy(Number(new URL(node.url).port))
    const cutOff = await openPostgres(throughProxy(node.url, way.origin), { deadlineMs })
    const writing = cutOff.commits.append("general", async (tx) => {
      await tx.update(channels).set({ name: "lost" })
      way.freeze()
      await tx.select().from(channels).all()
    })
    expect(writing).rejects.toThrow("did not answer")
    await writing.catch(() => {})
    using asked = ownTime()

    for (;;) {
      const outcome = await rename(node.database).catch(storageFailure)
      if (!outcome) break
    }

    expect(asked.ms()).toBeLessThan(deadlineMs * 3)
    expect((await node.database.db.select().from(channels).get())?.name).toBe("renamed")
    await cutOff.close()
    way.close()
  })
})

describeWithServices("a Postgres that is killed", () => {
  test("refuses at once, and works at once when it is back, with all that was confirmed", async () => {
    await using postgres = await startPostgres({ isDurable: false })
    const database = await openPostgres(postgres.url)
    const { commits, db } = database
    const confirmed: string[] = []
    await commits.decide((tx) => insertUser(tx, "alice"))
    await commits.decide(async (tx) => {
      await tx.insert(servers).values({ id: "lab", name: "Lab", ownerId: "alice" })
      await tx.insert(channels).values({ id: "general", serverId: "lab", name: "general" })
    })
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let round = 0; ; round++) {
        const id = `user-${writer}-${round}`
        const failure = await commits.append("general", (tx) => insertUser(tx, id)).catch(storageFailure)
        if (failure) return failure
        confirmed.push(id)
        if (confirmed.length === 200) await postgres.kill()
      }
    })

    const failures = await Promise.all(writers)
    expect(failures.filter((failure) => failure === undefined)).toEqual([])
    using down = ownTime()
    expect(database.ping()).rejects.toThrow()
    await database.ping().catch(() => {})
    expect(down.ms()).toBeLessThan(1_000)

    await postgres.startAgain()
    await Promise.all(uses(database).map((use) => use()))
    const stored = await db.select({ id: users.id }).from(users).all()
    expect(new Set(confirmed).difference(new Set(stored.map(({ id }) => id))).size).toBe(0)
    expect(confirmed.length).toBeGreaterThan(199)
    await database.close()
  }, 60_000)

  test("which ends one connection fails what used it, and nothing after that", async () => {
    await using node = await createPostgresNode({ connections: { read: 1, append: 1 } })
    const { commits, db } = node.database
    const end = sql`select pg_terminate_backend(pg_backend_pid())`

    const read = await db.all(end).then(() => undefined, storageFailure)
    const write = await commits.append("general", (tx) => tx.all(end)).then(() => undefined, storageFailure)

    expect([read?.code, write?.code]).toEqual(["57P01", "57P01"])
    await Promise.all(uses(node.database).map((use) => use()))
  })
})

/** A read, a ping and one commit of each kind. */
function uses(database: Database): (() => Promise<unknown>)[] {
  return [
    () => database.db.select().from(users).all(),
    () => database.ping(),
    () => rename(database),
    () => database.commits.decide(async (tx) => void (await tx.select().from(users).all())),
    () =>
      database.commits.note("nothing", async (tx) => void (await tx.update(users).set({ name: "noted" }))),
  ]
}

function rename({ commits }: Database): Promise<void> {
  return commits.append("general", async (tx) => {
    await tx.update(channels).set({ name: "renamed" }).where(eq(channels.id, "general"))
  })
}

async function insertUser(tx: Tx, id: string) {
  const values = { id, username: id, name: id, email: `${id}@x`, updatedAt: new Date() }
  await tx.insert(users).values(values)
}

function throughProxy(url: string, origin: string): string {
  const address = new URL(url)
  address.port = new URL(origin).port
  return address.href
}
