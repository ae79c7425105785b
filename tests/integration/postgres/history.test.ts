import { expect, setDefaultTimeout, test } from "bun:test"
import { accessHead, channels } from "../../../drizzle/schema.ts"
import { storageFailure } from "../../../src/db/failures.ts"
import { replacedJump } from "../../../src/db/log-numbers.ts"
import { openPostgres, type PostgresDatabase } from "../../../src/db/postgres/open.ts"
import { TransactionConnection } from "../../../src/db/postgres/transactions.ts"
import { createPostgresNode, execute } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"
import { startStandby } from "../../support/standby.ts"

const isStandby = "Postgres takes no writes: it is a standby"

// Copies a whole Postgres.
setDefaultTimeout(30_000)

/** Takes the next number of the channel's log, as each change does. */
async function nextSeq({ commits }: PostgresDatabase): Promise<number> {
  return commits.append("general", async (tx) => {
    const row = await tx.select({ seq: channels.seq }).from(channels).get()
    const seq = Number(row?.seq) + 1
    await tx.update(channels).set({ seq })
    return seq
  })
}

describeWithServices("the numbers of a log", () => {
  test("follow each other over restarts of nodes", async () => {
    await using node = await createPostgresNode()
    expect(await nextSeq(node.database)).toBe(1)

    const other = await openPostgres(node.url)
    const numbers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => nextSeq(index % 2 ? other : node.database)),
    )
    await other.close()

    expect(numbers.toSorted((one, two) => one - two)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 2),
    )
    expect(await node.database.db.select().from(accessHead).all()).toEqual([])
  })

  test("are not reused when a standby takes over that lacks the last commits", async () => {
    await using node = await createPostgresNode()
    expect(await nextSeq(node.database)).toBe(1)
    await using standby = await startStandby(node.url)
    const lost = [await nextSeq(node.database), await nextSeq(node.database)]
    expect(lost).toEqual([2, 3])

    const opened = await openPostgres(standby.url).catch(storageFailure)
    expect(opened).toMatchObject({ cause: isStandby })
    // A node that was connected before, and whose new connections lead to the standby.
    const connection = new TransactionConnection({ url: standby.url, schema: "public", deadlineMs: 5000 })
    const written = await connection.transact([["begin", []]], async () => {}).catch(storageFailure)
    expect(written).toEqual({ code: "POSTGRES_STANDBY", cause: isStandby })

    await standby.promote()
    await connection.transact([["begin", []]], async () => {})
    connection.close()
    const nodes = await Promise.all([openPostgres(standby.url), openPostgres(standby.url)])
    const numbers = await Promise.all(nodes.map(nextSeq))

    expect(numbers.toSorted((one, two) => one - two)).toEqual([replacedJump + 2, replacedJump + 3])
    expect(await nodes[0]?.db.select().from(accessHead).get()).toEqual({ id: 1, seq: replacedJump })
    for (const each of nodes) await each.close()
  })

  test("are written without the permission to read the system identifier", async () => {
    await using node = await createPostgresNode()
    const role = `plain_${crypto.randomUUID().slice(0, 8)}`
    for (const statement of [
      `create role ${role} login password 'plain'`,
      `grant all on all tables in schema public to ${role}`,
      "grant create on schema public to public",
      "revoke execute on function pg_control_system() from public",
      // Or it would not matter.
      "update history set id = 'another'",
    ]) {
      await execute(node.url, statement)
    }
    const url = new URL(node.url)
    url.username = role
    url.password = "plain"

    const database = await openPostgres(url.href)
    const first = await nextSeq(database)
    await database.close()

    expect(first).toBe(1)
  })
})
