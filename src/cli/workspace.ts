import { parseArgs } from "node:util"
import { databasePathOf } from "../config.ts"
import { openSqlite } from "../db/sqlite/open.ts"
import { findUserByName } from "../features/accounts/store.ts"
import { sqliteWords } from "../features/search/index-sqlite.ts"
import { indexAll } from "../features/search/indexing.ts"
import { fillWorkspace } from "./workspace/fill-workspace.ts"

// `bun run workspace`: fills the database with a large server "Acme" owned by alice, to try out and to measure. The
// chat's own server need not run.

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000000" },
    members: { type: "string", default: "1000" },
    channels: { type: "string", default: "200" },
    plain: { type: "boolean", default: false },
  },
})
const database = openSqlite(databasePathOf())
const { db, sqlite } = database
const alice = await findUserByName(db, "alice")
const acme = sqlite.query("select id from servers where name = 'Acme'").get()
const fault = alice
  ? acme && "The server Acme exists already"
  : "The user alice does not exist yet: start the server once with SEED=true"
if (fault || !alice) {
  process.stderr.write(`${fault}\n`)
  process.exit(1)
}

const size = {
  messages: Number(values.messages),
  members: Number(values.members),
  channels: Number(values.channels),
  plain: values.plain,
}
const bob = await findUserByName(db, "bob")
const serverId = fillWorkspace(sqlite, bob ? [alice, bob] : [alice], size)
await indexAll({ ...database, words: sqliteWords })
const { count } = sqlite.query("select count(*) as count from messages").get() as { count: number }
await database.close()
process.stdout.write(`Created Acme at /servers/${serverId}; the database has ${count} messages now\n`)
