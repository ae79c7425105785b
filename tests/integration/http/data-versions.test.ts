import type { Database } from "bun:sqlite"
import { expect } from "bun:test"
import { countedChanges } from "../../../src/db/sqlite/versions.ts"
import { type CachedRead, columnsRead, noteCachedReads } from "../../support/cached-reads.ts"
import { expectData } from "../../support/chat.ts"
import { noteQueries } from "../../support/queries.ts"
import { say } from "../../support/say.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { sqliteOf, testOnSqlite } from "../../support/test-database.ts"
import { events } from "../transports/events.ts"

type DataVersion = keyof typeof countedChanges

/** Set when a row is inserted, and never updated. */
const immutableColumns = new Set(["id", "rowid", "created_at", "parent_id", "server_id", "kind"])

/** What a version that is named in a cache's entry counts: those of the data, and a channel's `seq`. */
const countedBy: Record<string, (column: string) => boolean> = {
  all: () => true,
  // Sessions: their own tests check this.
  "until-deleted": () => true,
  immutable: (column) => immutableColumns.has(column.split(".")[1] ?? ""),
  directory: (column) => isCounted("directory", column),
  unread: (column) =>
    isCounted("directory", column) || isCounted("unread", column) || /^(messages|replies)\./.test(column),
  // No message changes without it, nor whom it mentions and quotes.
  log: (column) => /^(messages|mentions|replies)\./.test(column) || column === "channels.seq",
}

testOnSqlite("what is cached is read from nothing but what its version counts", async () => {
  using queries = noteQueries()
  using server = await createTestServer()
  const { pages, conversation } = await prepare(server)
  using reads = noteCachedReads(queries)

  for (const path of pages) {
    const page = await server.as("bob").get(path)
    expect([path, page.status]).toEqual([path, 200])
    await server.as("bob").get(path)
  }
  const stream = await events.open(server, server.as("bob"), server.room)
  stream.close()
  await say({ room: conversation }, server.cast.bob, "hello")

  const sqlite = sqliteOf(server.database)
  expect(reads.noted.flatMap((read) => uncounted(sqlite, read))).toEqual([])
  for (const name of Object.keys(countedBy)) {
    // Or nothing of that version was cached, and all of it is counted.
    expect([name, reads.noted.some(({ version }) => namesIn(version).includes(name))]).toEqual([name, true])
  }
})

/** A room with everything it can show, and the pages of rooms that are cached. */
async function prepare(server: TestServer) {
  const { alice, bob, mallory } = server.cast
  const ids: string[] = []
  for (let number = 1; number <= 12; number++) ids.push(await say(server, alice, `@bob message ${number}`))
  const messageId = ids.at(-1) ?? ""
  const thread = expectData(await alice.client.mutate("createThread", { messageId }))
  const { code } = expectData(await alice.client.mutate("createInvite", server.room))
  expectData(await mallory.client.mutate("joinServer", { code }))
  const pair = expectData(await bob.client.mutate("openConversation", { userIds: [alice.id] }))
  const group = expectData(await bob.client.mutate("openConversation", { userIds: [alice.id, mallory.id] }))
  const room = server.roomPath
  const pages = [
    room,
    ...["?before=10", "?after=3", `?around=${ids[5]}`, "?unread=1", `?reply=${messageId}`].map(
      (query) => room + query,
    ),
    `/servers/${thread.serverId}/channels/${thread.id}`,
    `/servers/${pair.id}/channels/${pair.channelId}`,
    `/servers/${group.id}/channels/${group.channelId}`,
  ]
  return { pages, conversation: { serverId: pair.id, channelId: pair.channelId } }
}

/** What was read that another version than that of the entry would have to count. */
function uncounted(sqlite: Database, { version, statements }: CachedRead): string[] {
  const names = namesIn(version)
  return statements.flatMap((sql) =>
    [...columnsRead(sqlite, sql)]
      .filter((column) => !names.some((name) => countedBy[name]?.(column)))
      .map((column) => `${column} is not counted by "${version}": ${sql}`),
  )
}

/** The versions that an entry's version is made of: `directory` and `log` of `log:12 directory:3/1`. */
function namesIn(version: string): string[] {
  return [...version.matchAll(/(?:^| )([\w-]+):/g)]
    .map(([, name]) => name ?? "")
    .filter((name) => name in countedBy)
}

function isCounted(version: DataVersion, column: string): boolean {
  const [table = "", name = ""] = column.split(".")
  const update = (countedChanges[version] as Record<string, string>)[table]
  if (update === undefined) return false

  const columns = update.match(/^update of (.*)$/)?.[1]?.split(", ")
  return !columns || columns.includes(name) || immutableColumns.has(name)
}
