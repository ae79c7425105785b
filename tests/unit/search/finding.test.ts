import { expect, test } from "bun:test"
import { openDatabase } from "../../../src/db/open.ts"
import { sqliteWords } from "../../../src/features/search/index-sqlite.ts"
import { searches } from "../../support/corpora/searches.ts"
import { findEach } from "../../support/find-each.ts"

test("messages are found by forms and parts of their words, also beside marks, and by beginnings", async () => {
  const database = await openDatabase({ path: ":memory:" })

  expect(await findEach(database, sqliteWords, searches)).toEqual(searches)
  await database.close()
})
