import { expect } from "bun:test"
import { eq, sql } from "drizzle-orm"
import { drizzle } from "drizzle-orm/bun-sqlite"
import { channels, messages, users } from "../../drizzle/schema.ts"
import { messageColumns } from "../../src/features/messages/store.ts"
import { createTestChat } from "../support/chat.ts"
import { say } from "../support/say.ts"
import { sqliteOf, testOnSqlite } from "../support/test-database.ts"

testOnSqlite("rows are mapped as Drizzle maps them", async () => {
  using app = await createTestChat()
  await say(app, app.cast.alice, "hello @bob")
  await say(app, app.cast.bob, "plain")
  const own = app.chat.db
  const drizzles = drizzle(sqliteOf(app.database)) as unknown as typeof own
  const count = sql<string>`count(*)`.mapWith((value) => `${value} messages`)
  const selects = (db: typeof own) => [
    db
      .select(messageColumns)
      .from(messages)
      .innerJoin(users, eq(users.id, messages.userId))
      .innerJoin(channels, eq(channels.id, messages.channelId)),
    db.select().from(messages),
    db.select({ count: count.as("count"), nothing: sql`null` }).from(messages),
    db.select({ message: messages, user: users }).from(messages).leftJoin(users, eq(users.id, sql`'nobody'`)),
  ]

  for (const [index, select] of selects(own).entries()) {
    const expected = await selects(drizzles)[index]?.all()
    expect(expected?.length).toBeGreaterThan(0)
    expect(await select.all()).toEqual(expected as never)
    expect(await select.get()).toEqual(expected?.[0] as never)
  }
  expect(await own.select().from(messages).where(sql`false`).get()).toBeUndefined()
})
