import { expect } from "bun:test"
import { fillWorkspace } from "../../src/cli/workspace/fill-workspace.ts"
import { listStale } from "../../src/features/threads/store.ts"
import { expectData } from "../support/chat.ts"
import { find } from "../support/html.ts"
import { createTestServer } from "../support/server.ts"
import { sqliteOf, testOnSqlite } from "../support/test-database.ts"

testOnSqlite(
  "a workspace has as many messages as asked for, with all that messages have, as if they had been sent",
  async () => {
    using server = await createTestServer()
    const { database, cast } = server
    const rows = (sql: string) => sqliteOf(database).query<Record<string, number>, []>(sql).all()
    const before = Number(rows("select count(*) n from messages")[0]?.n)

    const size = { messages: 4000, members: 60, channels: 3 }
    const serverId = fillWorkspace(sqliteOf(database), [cast.alice, cast.bob], size)

    expect(Number(rows("select count(*) n from messages")[0]?.n) - before).toBeWithin(3990, 4010)
    expect(rows(`select * from server_members where server_id = '${serverId}'`)).toHaveLength(60)
    for (const table of ["replies", "reactions", "mentions", "pins", "message_versions"]) {
      expect([table, rows(`select * from ${table}`).length > 0]).toEqual([table, true])
    }
    // What is said of it elsewhere is what it is.
    expect(rows("pragma foreign_key_check")).toEqual([])
    expect(await listStale(database.db, 10)).toEqual([])
    const odd = `select id from channels c where c.message_count <> (select count(*) from messages where channel_id = c.id)
    or c.seq <> coalesce((select max(seq) from messages where channel_id = c.id), 0)`
    expect(rows(odd)).toEqual([])
    expect(rows("select id from messages where created_at > unixepoch() * 1000")).toEqual([])

    const [channel] = expectData(await cast.bob.client.query("getChannels", { serverId }))
    const channelId = channel?.id ?? ""
    expect(expectData(await cast.bob.client.query("getPins", { channelId })).length).toBeGreaterThan(0)
    expect(expectData(await cast.bob.client.query("getThreads", { channelId })).length).toBeGreaterThan(0)
    const page = await server.as("bob").get(`/servers/${serverId}/channels/${channelId}`)
    expect(find(await page.text(), "article.message[data-position]")).toHaveLength(50)
  },
)
