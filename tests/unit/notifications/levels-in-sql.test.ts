import { expect, test } from "bun:test"
import { eq, sql } from "drizzle-orm"
import { notificationLevels } from "../../../drizzle/schema.ts"
import {
  type LevelColumns,
  levelChoicesOf,
  levelChoicesOfThread,
  levelColumns,
  threadLevelColumns,
} from "../../../src/features/notification-levels/level-columns.ts"
import {
  account,
  forever,
  type LevelChoice,
  levelsIn,
  type NotifiedPlace,
} from "../../../src/features/notification-levels/levels.ts"
import { endMutes, findNextMuteEnd } from "../../../src/features/notification-levels/store.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

const now = new Date("2026-11-29T12:00:00Z")
const ends = [null, new Date(now.getTime() - 1), now, new Date(now.getTime() + 1), forever] as const
const flags = [null, null, true, false] as const
const levels = [null, null, "everything", "mentions", "nothing"] as const

/** A channel in a category, one in none, a conversation, and a thread in each. */
async function createPlaces(app: TestChat): Promise<NotifiedPlace[]> {
  const { alice, bob } = app.cast
  const { id: lab } = app.lab
  const category = expectData(await alice.client.mutate("createCategory", { serverId: lab, name: "Talk" }))
  const tea = expectData(
    await alice.client.mutate("createChannel", { serverId: lab, name: "tea", categoryId: category.id }),
  )
  const pair = expectData(await alice.client.mutate("openConversation", { userIds: [bob.id] }))
  const roots = [
    { channelId: app.general.id, serverId: lab, categoryId: null, isConversation: false },
    { channelId: tea.id, serverId: lab, categoryId: category.id, isConversation: false },
    { channelId: pair.channelId, serverId: pair.id, categoryId: null, isConversation: true },
  ]
  const places: NotifiedPlace[] = []
  for (const root of roots) {
    const { channelId, serverId } = root
    const messageId = await say({ room: { serverId, channelId } }, alice, "a question")
    const thread = expectData(await alice.client.mutate("createThread", { messageId }))
    places.push({ ...root, rootId: null }, { ...root, channelId: thread.id, rootId: channelId })
  }
  return places
}

/** What the statements that list channels say. */
async function levelsInSql({ chat }: TestChat, userId: string, ofThreads: boolean) {
  const columns: LevelColumns = ofThreads ? threadLevelColumns : levelColumns
  const choices = (ofThreads ? levelChoicesOfThread : levelChoicesOf)(sql`${userId}`)
  const as = (condition: LevelColumns["isMuted"]) => sql`case when ${condition} then 1 else 0 end`
  const rows = await readRows(
    chat,
    sql`select c.id as id, ${columns.level} as level, ${as(columns.isMuted)} as muted,
      ${as(columns.isEveryoneSuppressed)} as everyone, ${as(columns.areRolesSuppressed)} as roles
      from channels c join servers s on s.id = c.server_id ${choices}`,
  )
  return new Map(
    rows.map(({ id, level, muted, everyone, roles }) => [
      id,
      {
        level,
        isMuted: muted === 1,
        isEveryoneSuppressed: everyone === 1,
        areRolesSuppressed: roles === 1,
      },
    ]),
  )
}

test("statements and the rule agree for all choices", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const { commits, db } = app.chat
  const places = await createPlaces(app)
  const ids = new Set(
    places.flatMap(({ channelId, categoryId, serverId }) => [channelId, categoryId, serverId]),
  )
  const chosenFor = [...ids, account].filter((id) => id !== null)
  const pick = seeded(15)

  for (let round = 1; round <= 40; round++) {
    const choices = new Map<string, LevelChoice>()
    for (const id of chosenFor)
      if (pick([true, true, false]))
        choices.set(id, {
          level: pick(levels),
          mutedUntil: pick([null, null, null, ...ends]),
          isEveryoneSuppressed: pick(flags),
          areRolesSuppressed: pick(flags),
        })
    const rows = [...choices].map(([placeId, choice]) => ({
      ...choice,
      ...{ userId: bob.id, placeId, place: "channel" as const, updatedAt: now },
    }))
    await commits.decide(async (tx) => {
      await tx.delete(notificationLevels).where(eq(notificationLevels.userId, bob.id)).run()
      if (rows.length > 0) await tx.insert(notificationLevels).values(rows).run()
      await endMutes(tx, now)
    })

    const listed = await levelsInSql(app, bob.id, false)
    const ofThreads = await levelsInSql(app, bob.id, true)
    for (const place of places) {
      const expected = levelsIn(place, (id) => choices.get(id), now)
      const said = place.rootId === null ? listed : ofThreads
      expect([round, place, said.get(place.channelId)]).toEqual([round, place, expected])
      // Mails for what was missed ask for channels of conversations as for threads.
      if (place.isConversation) expect([round, ofThreads.get(place.channelId)]).toEqual([round, expected])
    }
    const isNext = [...choices.values()].some(({ mutedUntil }) => mutedUntil === ends[3])
    expect(await findNextMuteEnd(db)).toEqual(isNext ? ends[3] : null)
  }
})

/** Picks from lists, the same ones each time. */
function seeded(seed: number) {
  let state = seed
  return <Each>(list: readonly Each[]): Each => {
    state = (state * 48_271) % 2_147_483_647
    return list[state % list.length] as Each
  }
}
