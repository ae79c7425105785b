import type { Database } from "bun:sqlite"
import { expect } from "bun:test"
import { blocks } from "../../../drizzle/schema.ts"
import { fileSweeper } from "../../../src/features/files/sweeper.ts"
import { inboxTrimmer } from "../../../src/features/inbox/trimmer.ts"
import { notifier } from "../../../src/features/notifications/notifier.ts"
import { pushCleanup } from "../../../src/features/push/cleanup.ts"
import { pushSender } from "../../../src/features/push/sender.ts"
import { reminderDuty } from "../../../src/features/reminders/duty.ts"
import { scheduledMessageDuty } from "../../../src/features/scheduled-messages/duty.ts"
import { expectData } from "../../support/chat.ts"
import { upload } from "../../support/pictures.ts"
import { putPushDevice } from "../../support/push.ts"
import { noteQueries } from "../../support/queries.ts"
import { say } from "../../support/say.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { changeRows, readRows, sqliteOf, testOnPostgres, testOnSqlite } from "../../support/test-database.ts"
import { events } from "../transports/events.ts"
import { Page } from "../transports/page.ts"
import { socket } from "../transports/socket.ts"
import { post } from "../transports/transport.ts"

/** Tables that grow with what people write, by the names that statements give them. */
const growing = /^SCAN (messages|y|mentions|x|channels|c|server_members|m|read_positions|r|blocks|b)\b/

/** Tables of `useLater`. */
const later = [
  ...["files", "inbox_items", "notified_logs", "push_deliveries", "push_subscriptions", "reminders"],
  ...["saved_messages", "scheduled_files", "scheduled_messages", "thread_follows"],
]
const laterTables = new RegExp(`\\b(${later.join("|")})\\b`, "g")
/** The same by the names that statements give them; in `countOfUnread`, `i` is the newest 200 of a person. */
const growingLater = new RegExp(`^SCAN (${later.join("|")}|d|t|e|notification_settings)\\b`)

const growingOnPostgres = new RegExp(
  `^(messages|mentions|channels|server_members|read_positions|blocks|notification_settings|${later.join("|")})$`,
)
/** Statements that read whole tables all the same, see `known`. */
const knownOnPostgres = [
  /^channels: select "channels"."id" from "channels" left join "notified_logs"/,
  /^push_subscriptions: select "id" from "push_subscriptions" where not exists/,
  /^(reminders|scheduled_messages): select "due_at" .* limit \+?\$1$/,
]

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

/** Whole tables that are read all the same. */
const known = [
  // Once when notifications begin, and twice a minute in case that an announcement was lost.
  /^SCAN channels: (insert into notified_logs|select "channels"."id" from "channels" left join "notified_logs")/,
  // The next one: the first of the index.
  /^SCAN (reminders|scheduled_messages) USING INDEX \w+_due: .* limit \+?\?$/,
  // Once an hour: devices whose session has ended.
  /^SCAN push_subscriptions: select "id" from "push_subscriptions" where not exists/,
  /: select "id" from "files" where false$/,
]

testOnSqlite("so is what inboxes, what is due later and the queue of notices read", async () => {
  using queries = noteQueries()
  using server = await createTestServer()
  const sqlite = sqliteOf(server.database)
  queries.take()

  await useLater(server)

  const statements = [...new Set(queries.take())].filter((sql) =>
    /^\s*(select|with|insert|update|delete)\b/i.test(sql),
  )
  const tables = new Set(statements.flatMap((sql) => sql.match(laterTables) ?? []))
  expect([...tables].sort()).toEqual(later) // or the rest proves nothing
  const scans = statements.flatMap((sql) =>
    planOf(sqlite, sql)
      .filter((step) => growing.test(step) || growingLater.test(step))
      .map((step) => `${step}: ${sql}`),
  )
  expect(scans.filter((scan) => !known.some((pattern) => pattern.test(scan)))).toEqual([])
})

testOnPostgres("on Postgres too, what is read is found by indexes", async () => {
  using server = await createTestServer()
  await useRoom(server)
  await useLater(server)
  const statements = await readRows(
    server.database,
    "select name, statement, array_length(parameter_types, 1) as parameters from pg_prepared_statements",
  )
  const reads = statements.filter(({ statement }) => /^\s*(select|with)\b/i.test(String(statement)))
  expect(reads.length).toBeGreaterThan(20)
  // Small tables are read whole. Without that, a scan is what no index can replace.
  await readRows(server.database, "set enable_seqscan = off")
  await readRows(server.database, "set plan_cache_mode = force_generic_plan")

  // Of a few rows, reading all is as cheap as searching for one. How many have a value Postgres guesses here by the number of
  // all: what is read whole whatever that number is has no index.
  const scans: string[][] = []
  for (const count of [10_000, 100_000]) {
    await pretendRows(server, count)
    scans.push(await scansOnPostgres(server, reads))
  }
  const always = scans[0]?.filter((scan) => scans.every((list) => list.includes(scan)))
  expect(always?.filter((scan) => !knownOnPostgres.some((pattern) => pattern.test(scan)))).toEqual([])
})

/** Makes Postgres plan as if each table had so many rows. */
async function pretendRows({ database }: TestServer, count: number): Promise<void> {
  const tables = "relkind = 'r' and relnamespace = 'public'::regnamespace"
  await changeRows(database, `update pg_class set relpages = 1, reltuples = ${count} where ${tables}`)
}

/** What prepared statements read whole: the tables, each with the statement. */
async function scansOnPostgres(
  { database }: TestServer,
  prepared: Awaited<ReturnType<typeof readRows>>,
): Promise<string[]> {
  const scans: string[] = []
  for (const { name, statement, parameters } of prepared) {
    const values = Array(Number(parameters ?? 0)).fill("null")
    const execute = `execute "${name}"${values.length > 0 ? `(${values})` : ""}`
    const [explained] = await readRows(database, `explain (format json) ${execute}`)
    const [{ Plan: plan }] = JSON.parse(String(explained?.["QUERY PLAN"]))
    scans.push(...scansIn(plan).map((table) => `${table}: ${statement}`))
  }
  return scans
}

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

/** Requests the inbox and the lists beside it, and does what is due: notices, reminders, scheduled messages and push. */
async function useLater(server: TestServer): Promise<void> {
  const { cast, chat, general, room } = server
  const { alice, bob } = cast
  const { workers } = chat
  const now = new Date(Date.now() + 3_600_000)
  await putPushDevice(chat, bob)
  const block = { userId: bob.id, blockedId: cast.mallory.id, createdAt: new Date() }
  await chat.commits.decide((tx) => tx.insert(blocks).values(block).run())
  await workers.get(notifier).wake()
  const messageId = await say(server, alice, "@bob look")
  const thread = expectData(await alice.client.mutate("createThread", { messageId }))
  await say({ room: { ...room, channelId: thread.id } }, alice, "@bob in the thread")
  const dueAt = new Date(Date.now() + 60_000)
  expectData(await bob.client.mutate("createReminder", { messageId, dueAt }))
  expectData(await bob.client.mutate("saveMessage", { messageId }))
  const file = await upload(server, "bob")
  const scheduled = { channelId: general.id, content: "later", dueAt, files: [file.id] }
  const { scheduledId } = expectData(await bob.client.mutate("scheduleMessage", scheduled))
  expectData(await bob.client.mutate("updateScheduledMessage", { scheduledId, content: "a bit later" }))
  await workers.get(notifier).wake()
  await workers.get(notifier).settle()
  await workers.get(pushSender).run(now)
  await workers.get(pushSender).withdraw(bob.id, now)
  await workers.get(pushCleanup).run(now)
  for (const path of [
    "/inbox",
    "/inbox/threads",
    "/reminders",
    "/scheduled",
    `/scheduled/${scheduledId}`,
    "/saved",
  ])
    await server.as("bob").get(path)
  await workers.get(reminderDuty).run(now)
  await workers.get(scheduledMessageDuty).run(now)
  const item = { messageId, reason: "mention" } as const
  for (const act of ["markDone", "markUndone", "markItemUnread"] as const)
    expectData(await bob.client.mutate(act, item))
  const { undoId } = expectData(await bob.client.mutate("markAllRead", {}))
  expectData(await bob.client.mutate("undoMarkAllRead", { undoId }))
  await workers.get(inboxTrimmer).run(now)
  await workers.get(fileSweeper).sweep(now)
}

function planOf(sqlite: Database, sql: string): string[] {
  return sqlite
    .query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail)
}
