import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { contentOf } from "../../../src/cli/move/copy.ts"
import { copyFiles } from "../../../src/cli/move/files.ts"
import { moveToPostgres, moveToSqlite } from "../../../src/cli/move/move.ts"
import { copiedTables } from "../../../src/cli/move/tables.ts"
import type { Database, Db } from "../../../src/db/database.ts"
import { replacedJump } from "../../../src/db/log-numbers.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { openSqlite } from "../../../src/db/sqlite/open.ts"
import { createStorage, newKey } from "../../../src/features/files/storage.ts"
import { addUser, fillEveryTable } from "../../support/every-row.ts"
import { createPostgresDatabase } from "../../support/postgres.ts"
import { temporaryFolder } from "../../support/process.ts"
import { describeWithServices } from "../../support/services.ts"

const minute = 60_000

describeWithServices("moving a database", () => {
  test(
    "to Postgres and back copies every row of every table",
    async () => {
      using folder = temporaryFolder()
      await using postgres = await createPostgresDatabase()
      const [path, later] = [join(folder.path, "chat.db"), join(folder.path, "back", "chat.db")]
      const before = await readAll(openSqlite(join(folder.path, "filled.db")), async (database) => {
        await fillEveryTable(database)
        copyTo(path, database)
      })
      expect(before.rows.filter(([, rows]) => rows === 0)).toEqual([])

      const moved: Record<string, number> = {}
      const kept = await moveToPostgres(path, postgres.url, (table, rows) => {
        moved[table] = rows
      })

      expect([existsSync(path), existsSync(kept)]).toEqual([false, true])
      expect(Object.entries(moved).toSorted()).toEqual(before.rows.toSorted())
      const there = await readAll(await openPostgres(postgres.url))
      expect(there).toEqual({ ...before, logs: advanced(before.logs, replacedJump) })

      await moveToSqlite(postgres.url, later)
      expect(await readAll(openSqlite(later))).toEqual({
        ...before,
        logs: advanced(before.logs, 2 * replacedJump),
      })
    },
    minute,
  )

  test(
    "is refused while a server uses it, and where something is already",
    async () => {
      using folder = temporaryFolder()
      await using postgres = await createPostgresDatabase()
      const [path, used] = [join(folder.path, "chat.db"), join(folder.path, "used.db")]
      const server = openSqlite(used)
      await server.commits.decide(addUser)
      copyTo(path, server)
      expect(await failureOf(moveToPostgres(used, postgres.url))).toContain(
        "is in use: stop the server first",
      )
      await server.close()

      const node = await openPostgres(postgres.url)
      await node.commits.decide(addUser)
      expect(await failureOf(moveToPostgres(path, postgres.url))).toContain("The target is not empty")
      expect(existsSync(path)).toBe(true)

      const target = join(folder.path, "new.db")
      const inUse = "Servers are connected to the database: stop them first"
      expect(await failureOf(moveToSqlite(postgres.url, target))).toContain(inUse)
      expect(existsSync(target)).toBe(false)
      await node.close()
      expect(await failureOf(moveToSqlite(postgres.url, path))).toContain("exists already: name another file")
      await moveToSqlite(postgres.url, target)
      expect(existsSync(target)).toBe(true)
    },
    minute,
  )

  test("copies files that are not there yet", async () => {
    using folder = temporaryFolder()
    const [from, to] = ["a", "b"].map((name) => createStorage({ folder: join(folder.path, name) }))
    if (!from || !to) throw new Error("There are two")
    const [file, picture] = [newKey("files"), newKey("previews")]
    await from.put(file, Buffer.from("a file"))
    await from.put(picture, Buffer.from("a picture"))

    expect([await copyFiles(from, to), await copyFiles(from, to)]).toEqual([2, 0])
    const bytes = (await to.get(file))?.body()
    expect(await new Response(bytes).text()).toBe("a file")
  })
})

const failureOf = (moving: Promise<unknown>) => moving.then(() => "It did not fail", String)

/** A copy that nothing in this process has open: statements that are not collected yet keep a closed file open. */
const copyTo = (path: string, { sqlite }: ReturnType<typeof openSqlite>) =>
  sqlite.run("vacuum into ?", [path])

interface Contents {
  rows: [table: string, rows: number][]
  hashes: [table: string, hash: string][]
  logs: { id: string; seq: number; messages: number; ids: string }[]
}

/** What a database contains; it is closed then. The hash of channels is not among it, since their numbers advance. */
async function readAll<Opened extends Database>(
  database: Opened,
  prepare: (database: Opened) => Promise<void> = async () => {},
): Promise<Contents> {
  try {
    await prepare(database)
    const contents: Contents = { rows: [], hashes: [], logs: await readLogs(database.db) }
    for (const table of copiedTables()) {
      const { rows, hash } = await contentOf(database.db, table)
      contents.rows.push([table.name, rows])
      if (table.name !== "channels") contents.hashes.push([table.name, hash])
    }
    return contents
  } finally {
    await database.close()
  }
}

function readLogs(db: Db): Promise<Contents["logs"]> {
  return db.all(sql`
    select c.id, c.seq, c.name, c.server_id, c.parent_id, c.created_at, c.message_count as messages,
      coalesce((select string_agg(id, ',') from (
        select id from messages where channel_id = c.id order by position) as listed), '') as ids
    from channels c order by c.id`)
}

const advanced = (logs: Contents["logs"], by: number) => logs.map((log) => ({ ...log, seq: log.seq + by }))
