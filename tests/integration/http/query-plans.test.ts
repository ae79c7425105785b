import type { Database } from "bun:sqlite"
import { expect } from "bun:test"
import { noteQueries } from "../../support/queries.ts"
import { say } from "../../support/say.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { readRows, sqliteOf, testOnPostgres, testOnSqlite } from "../../support/test-database.ts"
import { events } from "../transports/events.ts"
import { Page } from "../transports/page.ts"
import { socket } from "../transports/socket.ts"
import { post } from "../transports/transport.ts"

/** Tables that grow with what people write, by the names that statements give them. */
const growing = /^SCAN (messages|y|mentions|x|channels|c|server_members|m|read_positions|r|blocks|b)\b/

const growingOnPostgres = /^(messages|mentions|channels|server_members|read_positions|blocks)$/

testOnSqlite(
  "what pages, messages and those who come back read is found by indexes, however much there is",
  async () => {
    using queries = noteQueries()
    using server = await createTestServer()
    const sqlite = sqliteOf(server.database)
    queries.take()

    await useRoom(server)

    const statements = [...new Set(queries.take())].filter((sql) =>
      /^\s*(select|with|insert|update)\b/i.test(sql),
    )
    const scans = statements.flatMap((sql) => planOf(sqlite, sql).filter((step) => growing.test(step)))
    expect(scans).toEqual([])
    // SQLite would plan these again each time (docs/decisions/052-parameters-behind-a-plus.md).
    expect(statements.some((sql) => sql.includes("+?"))).toBe(true)
    expect(statements.filter((sql) => /(?<!\+)\?/.test(sql))).toEqual([])
    // No thread belongs to a list of channels: SQLite must not look for a user's channels among all that are none.
    const reads = statements.filter((sql) => /^\s*(select|with)\b/i.test(sql))
    expect(reads.filter((sql) => planOf(sqlite, sql).some((step) => step.includes("(parent_id=?)")))).toEqual(
      [],
    )
  },
)

testOnSqlite(
  "a page of the log and its changes are read in the order of an index, without sorting",
  async () => {
    using queries = noteQueries()
    using server = await createTestServer()
    const sqlite = sqliteOf(server.database)
    queries.take()

    await useRoom(server)

    const ofLog = [...new Set(queries.take())].filter((sql) => /^select .*? from "messages"/is.test(sql))
    expect(ofLog.length).toBeGreaterThanOrEqual(6) // newest and before, after, changes, at a position, one by its id …
    for (const sql of ofLog) {
      const steps = planOf(sqlite, sql)
      expect(steps.length).toBeGreaterThan(0)
      expect({
        sql,
        // The overwrites and roles of the viewer are subqueries, which the index of each is searched for.
        steps: steps.filter(
          (step) => !/^(SEARCH \w+ USING (COVERING )?INDEX |CORRELATED SCALAR SUBQUERY )/.test(step),
        ),
      }).toEqual({
        sql,
        steps: [],
      })
    }
  },
)

testOnPostgres("on Postgres too, what is read is found by indexes", async () => {
  using server = await createTestServer()
  await useRoom(server)
  const statements = await readRows(
    server.database,
    "select name, statement, array_length(parameter_types, 1) as parameters from pg_prepared_statements",
  )
  const reads = statements.filter(({ statement }) => /^\s*(select|with)\b/i.test(String(statement)))
  expect(reads.length).toBeGreaterThan(20)
  // Small tables are read whole. Without that, a scan is what no index can replace.
  await readRows(server.database, "set enable_seqscan = off")
  await readRows(server.database, "set plan_cache_mode = force_generic_plan")

  const scans: string[] = []
  for (const { name, statement, parameters } of reads) {
    const values = Array(Number(parameters ?? 0)).fill("null")
    const [explained] = await readRows(
      server.database,
      `explain (format json) execute "${name}"${values.length > 0 ? `(${values})` : ""}`,
    )
    const [{ Plan: plan }] = JSON.parse(String(explained?.["QUERY PLAN"]))
    scans.push(...scansIn(plan).map((table) => `${table}: ${statement}`))
  }
  expect(scans).toEqual([])
})

interface PostgresPlan {
  "Node Type": string
  "Relation Name"?: string
  "Index Cond"?: string
  Plans?: PostgresPlan[]
}

/** The tables that a plan reads whole, in their own order or in an index's. */
function scansIn(plan: PostgresPlan): string[] {
  const { "Node Type": type, "Relation Name": table = "", "Index Cond": condition, Plans = [] } = plan
  const isWhole = /^(Seq|Index|Index Only) Scan$/.test(type) && !condition && growingOnPostgres.test(table)
  return [...(isWhole ? [table] : []), ...Plans.flatMap(scansIn)]
}

/** Requests everything about a room that is read often. */
async function useRoom(server: TestServer): Promise<void> {
  const { alice } = server.cast
  const bob = server.as("bob")
  const ids: string[] = []
  for (let number = 1; number <= 3; number++) ids.push(await say(server, alice, `@bob message ${number}`))
  const today = new Date().toISOString().slice(0, 10)
  for (const query of ["", "?before=3", "?after=1", `?around=${ids[1]}`, "?unread=1", `?at=${today}`]) {
    await bob.get(server.roomPath + query, { redirect: "manual" })
  }
  await bob.get(`/messages/${ids[0]}`, { redirect: "manual" })
  await post(bob, server.room, "hello")
  for (const query of ["", "?state=unread", "?state=done&reason=reply", "/threads"])
    await bob.get(`/inbox${query}`)
  await bob.post("/inbox/read", {})

  // Those who come back have shown nothing yet, so what they missed is read.
  for (const transport of [socket, events]) {
    const reader = await transport.open(server, bob, server.room, new Page())
    reader.close()
  }
}

function planOf(sqlite: Database, sql: string): string[] {
  return sqlite
    .query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail)
}
