import { expect, test } from "bun:test"
import { openSqlite } from "../../src/db/sqlite/open.ts"
import { readSources, withoutComments } from "../support/sources.ts"

/** What only one dialect takes, or asks which one it is. */
const oneDialect =
  /\b(dialectOf|registerDialect|json_\w+|jsonb_\w+|group_concat|instr|strpos|rowid|unixepoch|pragma)\b|["'](postgres|sqlite)["']|on conflict do update/gi

/** Folders and files that are about one dialect. */
const apart = /^src\/(db|cache|cli)\/|^src\/features\/search\/index-|^src\/observability\//

test("outside of src/db no statement is for one dialect, and nothing asks which one it is", async () => {
  const sources = (await readSources()).filter(({ path }) => path.startsWith("src/") && !apart.test(path))
  expect(sources.length).toBeGreaterThan(300)
  const found = sources.flatMap(({ path, text }) =>
    (withoutComments(text).match(oneDialect) ?? []).map((word) => `${path}: ${word}`),
  )
  const known = [
    /^src\/features\/search\/indexing\.ts: /,
    // better-auth's name for the dialect of Drizzle, which is SQLite's for every database.
    /^src\/features\/accounts\/auth\.ts: "sqlite"$/,
    // Shown to administrators.
    /^src\/features\/administration\/routes\.tsx: "(Postgres|SQLite)"$/,
  ]
  expect(found.filter((one) => !known.some((pattern) => pattern.test(one)))).toEqual([])
})

test("the database has no triggers", async () => {
  const database = openSqlite(":memory:")
  expect(database.sqlite.query("select name from sqlite_schema where type = 'trigger'").all()).toEqual([])
  await database.close()
})
