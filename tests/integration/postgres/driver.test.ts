import { Database as Sqlite } from "bun:sqlite"
import { expect, test } from "bun:test"
import { eq, inArray, sql } from "drizzle-orm"
import { channels, messages, userSettings, users } from "../../../drizzle/schema.ts"
import { prepare } from "../../../src/db/prepare.ts"
import { createPostgresNode } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"

describeWithServices("Drizzle's SQLite dialect on Postgres", () => {
  test("dates, booleans, JSON, large numbers and null come back as they were", async () => {
    await using node = await createPostgresNode()
    const { db, commits } = node.database
    const user = {
      id: "bob",
      username: "bob",
      name: "Bob 💬 \\ ' \" ?",
      email: "bob@x",
      emailVerified: true,
      image: null,
      displayUsername: null,
      displayName: null,
      avatarVersion: null,
      presence: "online" as const,
      botOwnerId: "alice",
      isAdministrator: false,
      suspendedAt: null,
      suspendedUntil: null,
      suspensionReason: null,
      waitingSince: null,
      application: null,
      createdAt: new Date(0),
      updatedAt: new Date("2126-01-02T03:04:05.678Z"),
    }
    const settings = { theme: "dark", nested: { list: [1, "two", null, true] } }
    const seq = Number.MAX_SAFE_INTEGER
    await commits.decide(async (tx) => {
      await tx.insert(users).values(user)
      await tx.insert(userSettings).values({ userId: "bob", settings })
      await tx.update(channels).set({ seq, messageCount: 7 }).where(eq(channels.id, "general"))
    })

    expect(await db.select().from(users).where(eq(users.id, "bob")).get()).toEqual(user)
    expect(await db.select().from(users).where(eq(users.emailVerified, true)).all()).toEqual([user])
    expect(await db.select().from(users).where(eq(users.updatedAt, user.updatedAt)).all()).toEqual([user])
    expect(await db.select().from(userSettings).get()).toEqual({ userId: "bob", settings })
    expect(await db.select({ seq: channels.seq }).from(channels).get()).toEqual({ seq })
    expect(await db.$count(users)).toBe(2)
  })

  test("nothing found is undefined or no rows", async () => {
    await using node = await createPostgresNode()
    const { db } = node.database
    const nobody = db.select().from(users).where(eq(users.id, "nobody"))

    expect(await nobody.get()).toBeUndefined()
    expect(await nobody.all()).toEqual([])
    expect(await db.get(sql`select id from users where id = 'nobody'`)).toBeUndefined()
  })

  test("statements written by hand return objects, and what SQLite has no type for as it does", async () => {
    await using node = await createPostgresNode()

    const row = await node.database.db.get(sql`
      select id, count(*) over () as all_rows, id = 'alice' as is_alice, 1.5 as half, '{"a":1}'::json as json from users`)

    expect(row).toEqual({ id: "alice", all_rows: 1, is_alice: 1, half: 1.5, json: '{"a":1}' })
  })

  test("a zero character is replaced, where Postgres would refuse it", async () => {
    await using node = await createPostgresNode()
    const { db, commits } = node.database

    await commits.note("nothing", async (tx) => void (await tx.update(users).set({ name: "a\0b" })))

    expect(await db.select({ name: users.name }).from(users).get()).toEqual({ name: "a\ufffdb" })
    expect(
      await db
        .select()
        .from(users)
        .where(inArray(users.id, ["\0", "x"]))
        .all(),
    ).toEqual([])
  })

  test("an upsert is accepted", async () => {
    await using node = await createPostgresNode()
    const { db, commits } = node.database
    const save = (settings: Record<string, unknown>) =>
      commits.note("nothing", async (tx) => {
        const values = { userId: "alice", settings }
        const target = userSettings.userId
        await tx.insert(userSettings).values(values).onConflictDoUpdate({ target, set: { settings } })
      })

    await save({ theme: "light" })
    await save({ theme: "dark" })

    expect(await db.select().from(userSettings).all()).toEqual([
      { userId: "alice", settings: { theme: "dark" } },
    ])
  })

  test("texts have SQLite's order in any locale", async () => {
    await using node = await createPostgresNode()
    const { db, commits } = node.database
    const names = ["b", "B", "a", "_", "Ä", "ä", "z", "aa", "a b", "é", "ﬀ", "日", "1", "10", "2", "-", "~"]
    const sqlite = new Sqlite(":memory:")
    sqlite.run("create table names (name text)")
    for (const name of names) sqlite.run("insert into names values (?)", [name])
    const expected = sqlite.query<{ name: string }, []>("select name from names order by name").all()

    await commits.decide(async (tx) => {
      const rows = names.map((name) => ({ id: name, serverId: "lab", name }))
      await tx.insert(channels).values(rows)
      await tx.delete(channels).where(eq(channels.id, "general"))
    })

    expect(await db.select({ name: channels.name }).from(channels).orderBy(channels.name).all()).toEqual(
      expected,
    )
  })

  test("errors do not repeat the parameters, which would be logged", async () => {
    await using node = await createPostgresNode()
    const values = {
      id: "m",
      userId: "nobody",
      content: "secret",
      position: 1,
      seq: 1,
      createdAt: new Date(),
    }

    const failed = node.database.commits.append("general", async (tx) => {
      await tx.insert(messages).values({ ...values, channelId: "general" })
    })

    const error: unknown = await failed.catch((reason) => reason)
    expect(String(error)).toContain("foreign key")
    expect(Bun.inspect(error)).not.toContain("secret")
  })

  test("a statement is prepared once for all parameters", async () => {
    await using node = await createPostgresNode({ connections: { read: 1 } })
    const { db } = node.database
    const statements = prepare((handle) => ({
      older: handle
        .select()
        .from(users)
        .where(sql`${users.createdAt} < ${sql.placeholder("at")}`)
        .prepare(),
    }))

    // `prepare` takes the type of the synchronous handle until the stores are asynchronous.
    const { older } = statements(db as never)
    for (const at of [1, 2 ** 40, 1.5]) await older.all({ at })

    const prepared = await db.all(
      sql`select statement from pg_prepared_statements where statement like '%created_at" < %'`,
    )
    expect(prepared.length).toBeLessThanOrEqual(2) // a fraction has a type of its own
    expect(prepared.length).toBeGreaterThan(0)
  })
})
