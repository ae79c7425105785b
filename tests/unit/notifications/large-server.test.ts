import { expect } from "bun:test"
import { notificationLevels, pushDeliveries } from "../../../drizzle/schema.ts"
import { notifier } from "../../../src/features/notifications/notifier.ts"
import { createTestChat, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { putPushDevice } from "../../support/push.ts"
import { noteQueries } from "../../support/queries.ts"
import { joinLab } from "../../support/roles.ts"
import { say } from "../../support/say.ts"
import { changeRows, sqliteOf, testOnSqlite } from "../../support/test-database.ts"

const members = 10_000
const withDevice = 1000
const texts = { plain: "hello", mention: "@bob", everyone: "@everyone" }
type Kind = keyof typeof texts

/** A statement or two for each table of rights, blocks, levels, queues and inboxes. */
const mostStatements = 15
/** Rows that do not depend on people: the log, its head and the change. */
const fixedRows = 5
/** Each possible recipient is read as such, as somebody who may view the channel, and with what they chose. */
const rowsEach = 3

testOnSqlite(
  "telling of a message costs as much in a server of 10,000 members as in a small one",
  async () => {
    using queries = noteQueries()
    using app = await createTestChat()
    await putPushDevice(app.chat, app.cast.bob)
    await wantEverything(app)
    const small = await costs(app, queries)
    const before = await app.chat.db.$count(pushDeliveries)

    await addMembers(app)
    const large = await costs(app, queries)

    // Each of them was said twice: to all devices, to bob's, and to that of who wants everything.
    const sent = (await app.chat.db.$count(pushDeliveries)) - before
    expect(sent).toBe(2 * (withDevice + 2) + 2 * 2 + 2 * 1)
    for (const kind of Object.keys(texts) as Kind[]) {
      expect({ kind, ...large[kind].sending }).toEqual({ kind, ...small[kind].sending })
      expect(large[kind].telling.statements).toBeLessThanOrEqual(mostStatements)
    }
    expect(large.plain.telling).toEqual(small.plain.telling)
    expect(large.mention.telling).toEqual(small.mention.telling)
    expect(large.plain.telling.rows).toBeLessThanOrEqual(fixedRows + rowsEach)
    expect(large.mention.telling.rows).toBeLessThanOrEqual(fixedRows + 2 * rowsEach)
    expect(large.everyone.telling.statements).toBe(small.everyone.telling.statements)
    expect(large.everyone.telling.rows).toBeLessThanOrEqual(fixedRows + (withDevice + 2) * rowsEach)
    // Rows that a statement reads and does not return: none goes through all people of the server or of the chat.
    expect(scansIn(app, large.asked)).toEqual([])
  },
)

/** Somebody with a device who is notified of every message. */
async function wantEverything(app: TestChat): Promise<void> {
  const eager = await joinLab(app, "eager")
  await putPushDevice(app.chat, eager)
  const chosen = { placeId: app.general.id, place: "channel", level: "everything" } as const
  await app.chat.commits.decide((tx) =>
    tx
      .insert(notificationLevels)
      .values({ userId: eager.id, ...chosen, updatedAt: new Date() })
      .run(),
  )
}

/** What sending each kind of message to a reader, and telling of it, costs the second time. */
async function costs(app: TestChat, queries: ReturnType<typeof noteQueries>) {
  const reader = await listen(app.cast.bob, app.room)
  const worker = app.chat.workers.get(notifier)
  await worker.wake()
  const asked: string[] = []
  const take = () => {
    const statements = queries.take()
    asked.push(...statements)
    return { statements: statements.length, rows: queries.takeRows() }
  }
  take()
  asked.length = 0
  const costOf = async (kind: Kind) => {
    await say(app, app.cast.alice, texts[kind])
    // Announced: nothing is asked on behalf of readers later.
    await until("bob hears it", () => reader.heard.at(-1)?.content === texts[kind])
    reader.heard.length = 0
    const sending = take()
    worker.onChange(app.general.id)
    await worker.settle()
    return { sending, telling: take() }
  }
  const all = {} as Record<Kind, Awaited<ReturnType<typeof costOf>>>
  for (const kind of Object.keys(texts) as Kind[]) {
    await costOf(kind)
    all[kind] = await costOf(kind)
  }
  reader.stop()
  return { ...all, asked }
}

/** Adds people to alice's server, the first of them with a device. */
async function addMembers({ database, lab, cast }: TestChat): Promise<void> {
  const numbers = `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${members})`
  const now = Date.now()
  for (const statement of [
    `insert into users (id, name, email, username, created_at, updated_at)
      ${numbers} select 'p-' || i, 'p' || i, 'p' || i || '@example.org', 'p' || i, ${now}, ${now} from n`,
    `insert into server_members (server_id, user_id, joined_at, permissions)
      ${numbers} select m.server_id, 'p-' || i, ${now}, m.permissions from n
      join server_members m on m.server_id = '${lab.id}' and m.user_id = '${cast.bob.id}'`,
    `insert into sessions (id, token, user_id, expires_at, created_at, updated_at)
      ${numbers} select 'p-' || i, 't-' || i, 'p-' || i, ${now + 86_400_000}, ${now}, ${now} from n`,
    `insert into push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth, name, created_at)
      ${numbers} select 'p-' || i, 'p-' || i, 'p-' || i, 'https://push.example.org/' || i, '', '', 'Phone', ${now}
      from n where i < ${withDevice}`,
  ])
    await changeRows(database, statement)
}

/** The steps of statements that go through all rows of a table, but for the devices, which mentions of everyone are for. */
function scansIn({ database }: TestChat, statements: readonly string[]): string[] {
  const sqlite = sqliteOf(database)
  const steps = [...new Set(statements)].flatMap((statement) =>
    (sqlite.prepare(`explain query plan ${statement}`).all() as { detail: string }[]).map(
      ({ detail }) => detail,
    ),
  )
  const isOfPeople = /^SCAN (users|u|server_members|m|sessions|notification_levels|n)\b/
  const isOfServer = /^SEARCH (server_members|m)\b.*\(server_id=\?\)$/
  return steps.filter((step) => isOfPeople.test(step) || isOfServer.test(step))
}
