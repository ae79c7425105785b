import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import fc from "fast-check"
import { channels } from "../../../drizzle/schema.ts"
import { allPermissionNames, bitOf } from "../../../src/features/permissions/bits.ts"
import { can } from "../../../src/features/permissions/can.ts"
import { permits, readableBy } from "../../../src/features/permissions/scope.ts"
import {
  findChannelAccess,
  findServerAccess,
  listReadableChannels,
} from "../../../src/features/permissions/store.ts"
import { findViewing } from "../../../src/features/permissions/viewing.ts"
import { createTestChat, type TestChat } from "../../support/chat.ts"
import {
  idsOfWorld,
  insertWorld,
  insertWorldPeople,
  type PermissionWorld,
  readStored,
} from "../../support/permission-world.ts"
import { permissionCases } from "./cases.ts"
import { anyWorld, naiveBase, naiveGrants, naivePermissions } from "./naive.ts"

// The database's answers to the cases of `compute.test.ts`, and to random ones.

const me = { id: "me" }
/** No overwrite makes an administrator, so no statement asks for that in a channel. */
const asked = allPermissionNames.filter((name) => name !== "administrator")
const randomWorlds = fc.sample(anyWorld, 80)
const sets: { what: string; answers: Answer[] }[] = [
  { what: "the table", answers: permissionCases },
  {
    what: "random worlds",
    answers: randomWorlds.map((world) => ({ world, expected: naivePermissions(world) })),
  },
]

interface Answer {
  world: PermissionWorld
  /** What "me" may do. */
  expected: bigint
}

describe.each(sets)("$what:", ({ answers }) => {
  let app: TestChat
  beforeAll(async () => {
    app = await createTestChat()
    await insertWorlds(app, answers)
  })
  afterAll(() => app.close())

  test("standings are computed from the rows that concern the member", async () => {
    for (const [index, { world, expected }] of answers.entries()) {
      const standing = await standingFor(app.chat.db, index, world)
      expect([described(world), named(standing?.permissions)]).toEqual([described(world), named(expected)])
    }
  })

  test("statements permit every bit as roles and overwrites say", async () => {
    const granted = await readGrants(app)

    for (const [index, { world }] of answers.entries()) {
      const { channelId, threadId } = idsOfWorld(index)
      const found = [granted.get(channelId) ?? [], granted.get(threadId) ?? []]
      const expected = named(naiveGrants(world) & ~bitOf.administrator)
      expect([described(world), ...found]).toEqual([described(world), expected, expected])
    }
  })

  test("a member can read the channels that they may view with their history", async () => {
    const { db } = app.chat
    const rows = await db.select({ id: channels.id }).from(channels).where(readableBy(sql`'me'`)).all()
    const readable = new Set(rows.map(({ id }) => id))
    const listed = new Set((await listReadableChannels(db, ["me"])).get("me"))

    let count = 0
    for (const [index, { world }] of answers.entries()) {
      const { channelId, threadId } = idsOfWorld(index)
      const grants = naiveGrants(world)
      const mayView = (grants & bitOf.viewChannel) !== 0n
      const mayRead = mayView && (grants & bitOf.readHistory) !== 0n
      const viewing = await findViewing(db, me, threadId)
      const found = [readable.has(channelId), readable.has(threadId), listed.has(channelId)]
      expect([described(world), ...found, can(viewing, "read")]).toEqual([
        ...[described(world), mayRead, mayRead, mayView, mayView],
      ])
      if (mayRead) count += 1
    }
    expect(count).toBeGreaterThan(5) // or nothing was shown
    expect(readable.size).toBe(count * 2) // and nothing of elsewhere
  })

  test("the stored permissions of members equal those of their roles", async () => {
    const stored = await readStored(app.chat.db)

    for (const [index, { world }] of answers.entries()) {
      const { serverId } = idsOfWorld(index)
      const mine = world.isMember ? naiveBase(world) : undefined
      const bobs = world.roles.reduce((sum, { permissions }) => sum | permissions, world.everyone)
      const found = [stored.get(`${serverId} me`), stored.get(`${serverId} bob`)]
      expect([described(world), ...found.map(named)]).toEqual([described(world), named(mine), named(bobs)])
      expect(found).toEqual([mine, bobs])
    }
  })
})

async function insertWorlds({ chat }: TestChat, answers: Answer[]): Promise<void> {
  await chat.commits.decide(async (tx) => {
    await insertWorldPeople(tx)
    for (const [index, { world }] of answers.entries()) await insertWorld(tx, index, world)
  })
}

async function standingFor(db: TestChat["chat"]["db"], index: number, { place }: PermissionWorld) {
  const { serverId, channelId, threadId } = idsOfWorld(index)
  if (place === "server") return (await findServerAccess(db, me, serverId))?.standing

  return (await findChannelAccess(db, me, place === "thread" ? threadId : channelId))?.standing
}

/** The names of what statements permit "me", by channel. */
async function readGrants({ chat }: TestChat): Promise<Map<string, string[]>> {
  const root = sql`coalesce(c.root_id, c.id)`
  const columns = asked.map(
    (name) => sql`case when ${permits(name, root)} then 1 else 0 end as ${sql.identifier(name)}`,
  )
  const rows = await chat.db.all<{ id: string } & Record<string, unknown>>(sql`
    select c.id as id, ${sql.join(columns, sql`, `)}
    from channels c join server_members m on m.server_id = c.server_id and m.user_id = 'me'`)
  return new Map(rows.map((row) => [row.id, asked.filter((name) => Number(row[name]) === 1)]))
}

/** For the message of a failure. */
function described(world: PermissionWorld): string {
  return JSON.stringify(world, (_, value) => (typeof value === "bigint" ? named(value).join(" ") : value))
}

function named(set = 0n): string[] {
  return allPermissionNames.filter((name) => (set & bitOf[name]) !== 0n)
}
