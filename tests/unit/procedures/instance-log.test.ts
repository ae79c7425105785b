import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { instanceLogTrimmer } from "../../../src/features/administration/log-trimmer.ts"
import { commandLine, recordInstanceAct } from "../../../src/features/instance/record-act.ts"
import { administrate } from "../../support/administrators.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { changeRows } from "../../support/test-database.ts"

const dayMs = 24 * 3_600_000

/** What was done 400, 100 and 2 days ago by the command line, and now by alice. */
async function createLog() {
  const app = await createTestChat()
  await administrate(app.chat, app.cast.alice.id)
  for (const [days, name] of [
    [400, "old"],
    [100, "older"],
    [2, "new"],
  ] as const) {
    const act = { actor: commandLine, action: "invitation.create", target: { id: name, name } } as const
    await app.chat.commits.decide((tx) => recordInstanceAct(tx, act))
    const createdAt = Date.now() - days * dayMs
    await changeRows(
      app.chat,
      sql`update instance_log set created_at = ${createdAt} where target_id = ${name}`,
    )
  }
  expectData(await app.cast.alice.client.mutate("announce", { text: "Hello" }))
  return app
}

const find = async ({ cast }: TestChat, filter: Record<string, string>) => {
  const { entries } = expectData(await cast.alice.client.query("getInstanceLog", filter as never))
  return entries.map(({ targetName, action }) => targetName ?? action)
}

const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10)

test("the log can be restricted by who, what and when", async () => {
  using app = await createLog()
  const all = ["instance.announce", "new", "older", "old"]
  const cases: [Record<string, string>, string[]][] = [
    [{}, all],
    [{ actor: " Alice " }, ["instance.announce"]],
    [{ actor: "command line" }, ["new", "older", "old"]],
    [{ actor: "bob" }, []],
    [{ action: "invitation.create" }, ["new", "older", "old"]],
    [{ from: day(2) }, ["instance.announce", "new"]],
    [{ from: day(1) }, ["instance.announce"]],
    [{ to: day(2) }, ["new", "older", "old"]],
    [{ from: day(100), to: day(100) }, ["older"]],
    [{ from: day(300), to: day(3), action: "instance.announce" }, []],
  ]

  for (const [filter, found] of cases) expect([filter, await find(app, filter)]).toEqual([filter, found])
  for (const wrong of [
    { from: "yesterday" },
    { to: "2026-13-01" },
    { action: "everything" },
    { before: "x" },
  ])
    expect((await app.cast.alice.client.query("getInstanceLog", wrong as never)).error?.code).toBe(400)
})

test("entries are kept for 365 days", async () => {
  using app = await createLog()

  await app.chat.workers.get(instanceLogTrimmer).run()

  expect(await find(app, {})).toEqual(["instance.announce", "new", "older"])
})
