import { expect } from "bun:test"
import { authoredIn } from "../../src/features/messages/log-windows.ts"
import {
  countExpired,
  countExpiredFiles,
  listExpiredMessages,
  listWithExpiredFiles,
} from "../../src/features/retention/expired.ts"
import { listRetained } from "../../src/features/retention/store.ts"
import { createTestChat } from "../support/chat.ts"
import { noteQueries } from "../support/queries.ts"
import { say } from "../support/say.ts"
import { sqliteOf, testOnSqlite } from "../support/test-database.ts"

testOnSqlite("what retention, archives and deletions read is found by an index", async () => {
  using queries = noteQueries()
  using app = await createTestChat()
  const { db } = app.chat
  const { id: channelId } = app.general
  const { id: userId } = app.cast.alice
  const cutoff = new Date(Date.now() + 1000)
  await say(app, app.cast.alice, "hello")
  queries.take()

  await Array.fromAsync(listExpiredMessages(db, channelId, cutoff))
  await countExpired(db, { channelId, cutoff, max: 10 })
  await listWithExpiredFiles(db, { channelId, cutoff, limit: 10 })
  await countExpiredFiles(db, channelId, cutoff)
  await listRetained(db, "", 10)
  await Array.fromAsync(authoredIn(db, channelId, userId))

  const asked = [...new Set(queries.take())]
  expect(asked.length).toBeGreaterThanOrEqual(7) // or the rest proves nothing
  const sqlite = sqliteOf(app.database)
  const steps = asked.flatMap((statement) =>
    (sqlite.prepare(`explain query plan ${statement}`).all() as { detail: string }[]).map(
      ({ detail }) => detail,
    ),
  )
  expect(steps.filter((step) => /^SCAN/.test(step))).toEqual([])
  expect(
    steps.some((step) => /messages USING INDEX messages_position \(channel_id=\? AND position>/.test(step)),
  ).toBe(true)
})
