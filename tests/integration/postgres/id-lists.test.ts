import { expect, test } from "bun:test"
import { type SQL, sql } from "drizzle-orm"
import { textElementsOf, textsIn } from "../../../src/db/dialect.ts"
import { createPostgresNode } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"
import { changeRows } from "../../support/test-database.ts"

const manyUsers = `insert into users (id, username, name, email, email_verified, created_at, updated_at)
  select 'user-' || n, 'user-' || n, '', 'user-' || n, 0, 0, 0 from generate_series(1, 20000) n`

describeWithServices("a list of ids among thousands of users", () => {
  test("is looked up by the index, as a condition and as rows to join", async () => {
    await using node = await createPostgresNode()
    const { db } = node.database
    await changeRows(node.database, manyUsers)
    await changeRows(node.database, "analyze users")
    const ids = JSON.stringify(["user-1", "user-20000", "nobody"])
    const planOf = async (query: SQL) => JSON.stringify(await db.all(sql`explain ${query}`))

    const condition = sql`select id from users where id in ${textsIn(db, ids)} order by id`
    const join = sql`select id from ${textElementsOf(db, ids)} join users on id = value`

    expect(await db.all(condition)).toEqual([{ id: "user-1" }, { id: "user-20000" }])
    for (const query of [condition, join]) {
      expect(await planOf(query)).toContain("users_pkey")
      expect(await planOf(query)).not.toContain("Seq Scan on users")
    }
  })
})
