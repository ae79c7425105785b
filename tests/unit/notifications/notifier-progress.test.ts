import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { keywords } from "../../../drizzle/schema.ts"
import type { Commits } from "../../../src/db/database.ts"
import type { Notice } from "../../../src/features/notifications/notices.ts"
import { Notifier } from "../../../src/features/notifications/notifier.ts"
import { createTestChat, expectData } from "../../support/chat.ts"
import { addDevice, noticesOf, watch } from "../../support/notices.ts"
import { noteQueries } from "../../support/queries.ts"
import { say } from "../../support/say.ts"
import { readRows, sqliteOf, testOnSqlite } from "../../support/test-database.ts"

test("after a crash at any point, the next one sends the missing notifications, each once", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  await watch(app)
  const stored: Notice[] = []
  const texts = ["@bob 1", "nothing", "@bob 2", "@bob 3"]

  // The process ends before a commit, or after it and before anything else.
  for (const isStored of [false, true, false, true, true, true]) {
    const text = texts.shift()
    if (text) await say(app, alice, text)
    let pending: Notice[] = []
    const dying: Commits = Object.create(app.chat.commits)
    dying.note = async (changed, work) => {
      if (!isStored) throw new Error("killed")
      await app.chat.commits.note(changed, work)
      stored.push(...pending)
      throw new Error("killed")
    }
    const notifier = new Notifier(
      { ...app.chat, db: app.chat.db, commits: dying },
      {
        sinks: [async (_tx, notices) => (pending = [...notices])],
      },
    )
    await notifier.wake()
    await notifier.settle().catch(() => {})
  }

  expect(await noticesOf(app, stored)).toEqual([
    "bob: mention of @bob 1",
    "bob: mention of @bob 2",
    "bob: mention of @bob 3",
  ])
})

test("of two notifiers at the same time one notifies, and cursors move only forwards", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const [one, other] = [await watch(app), await watch(app)]
  const cursor = async () =>
    Number(
      (await readRows(app.chat, sql`select seq from notified_logs where channel_id = ${app.general.id}`))[0]
        ?.seq ?? 0,
    )

  const seen = [await cursor()]
  for (let i = 1; i <= 5; i++) {
    await say(app, alice, `@bob ${i}`)
    await Promise.all([one.notifier.wake(), other.notifier.wake()])
    await Promise.all([one.notifier.settle(), other.notifier.settle()])
    seen.push(await cursor())
  }

  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(new Set(seen).size).toBe(6)
  const told = await noticesOf(app, [...one.told, ...other.told])
  expect(told.toSorted()).toEqual([1, 2, 3, 4, 5].map((i) => `bob: mention of @bob ${i}`))
})

testOnSqlite("a message looks at no member of its server but those whom it concerns", async () => {
  using queries = noteQueries()
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const role = expectData(
    await alice.client.mutate("createRole", { serverId: app.lab.id, name: "cooks", mentionable: true }),
  )
  expectData(await alice.client.mutate("giveRole", { serverId: app.lab.id, userId: bob.id, roleId: role.id }))
  await addDevice(app, bob)
  await app.chat.commits.decide((tx) => tx.insert(keywords).values({ userId: bob.id, word: "tea" }).run())
  const watched = await watch(app)
  await say(app, alice, "plain")
  await say(app, alice, "@everyone @cooks @bob tea")
  queries.take()

  await watched.notifier.wake()
  const ofPoll = new Set(queries.take())
  await watched.notifier.settle()
  const asked = [...new Set(queries.take())].filter((statement) => /^\s*select/i.test(statement))

  expect(asked.length).toBeGreaterThanOrEqual(8) // or the rest proves nothing
  expect(ofPoll.size).toBeLessThanOrEqual(3)
  const steps = asked.flatMap((statement) =>
    (sqliteOf(app.database).prepare(`explain query plan ${statement}`).all() as { detail: string }[]).map(
      ({ detail }) => detail,
    ),
  )
  // People with a device are looked through for mentions of everyone; the other lists are those that it gives itself.
  const scans = steps.filter(
    (step) => /^SCAN/.test(step) && !/json_each|push_subscriptions|keywords|CONSTANT|SCAN each/.test(step),
  )
  expect(scans).toEqual([])
  expect(steps.filter((step) => /server_members/.test(step))).not.toEqual([])
  expect(steps.filter((step) => /SEARCH (server_members|m) .*\(server_id=\?\)$/.test(step))).toEqual([])
})
