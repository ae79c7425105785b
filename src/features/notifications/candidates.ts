import { and, eq, sql } from "drizzle-orm"
import {
  keywords,
  notificationLevels,
  pushSubscriptions,
  threadFollows,
  users,
} from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { type NoticeReason, type NotifiedPlace, placesAround } from "../notification-levels/levels.ts"
import { holdersOf, viewersOf } from "../permissions/scope.ts"

// Each statement finds users by an index on their choices, or by their ids: none reads all members of a server.

const channelId = sql.placeholder("channelId")
const isEverything = sql`${notificationLevels.level} = 'everything'`

const statements = prepare((db) => {
  const ids = textsIn(db, sql.placeholder("ids"))
  const places = textsIn(db, sql.placeholder("places"))
  return {
    everything: db
      .select({ userId: notificationLevels.userId })
      .from(notificationLevels)
      .where(and(sql`${notificationLevels.placeId} in ${places}`, isEverything))
      .prepare(),
    followers: db
      .select({ userId: threadFollows.userId })
      .from(threadFollows)
      .where(and(eq(threadFollows.channelId, channelId), sql`${threadFollows.isFollowed} = 1`))
      .prepare(),
    people: db
      .select({ userId: users.id })
      .from(users)
      .where(sql`${users.id} in ${viewersOf(channelId)}`)
      .prepare(),
    keywords: db
      .select({ userId: keywords.userId, word: keywords.word })
      .from(keywords)
      .where(sql`${keywords.word} in ${textsIn(db, sql.placeholder("words"))}`)
      .prepare(),
    withDevices: db.selectDistinct({ userId: pushSubscriptions.userId }).from(pushSubscriptions).prepare(),
    holders: db
      .select({ userId: sql<string>`user_id`, roleId: sql<string>`role_id` })
      .from(holdersOf(ids))
      .where(
        sql`exists (select 1 from ${pushSubscriptions} where ${pushSubscriptions.userId} = holding.user_id)`,
      )
      .prepare(),
  }
})

/** Users who are notified of every message of a log, with the reason: by choice, as followers, or in a conversation. */
export async function listListeners(
  db: Db,
  place: NotifiedPlace,
): Promise<{ userId: string; reason: NoticeReason }[]> {
  const { everything, followers, people } = statements(db)
  const { channelId, rootId, isConversation } = place
  const found = isConversation
    ? await people.all({ channelId: rootId ?? channelId })
    : await everything.all({ places: JSON.stringify(placesAround(place)) })
  const following = rootId === null ? [] : await followers.all({ channelId })
  return [
    ...found.map(({ userId }) => ({ userId, reason: "message" as const })),
    ...following.map(({ userId }) => ({ userId, reason: "thread" as const })),
  ]
}

/** Users who have one of these words as a keyword. */
export async function listKeywordOwners(db: Db, words: Iterable<string>) {
  return statements(db).keywords.all({ words: JSON.stringify([...words]) })
}

/** People with a device that accepts push, of the whole instance. */
export async function listWithDevices(db: Db): Promise<string[]> {
  return (await statements(db).withDevices.all()).map(({ userId }) => userId)
}

/** People with a device who have one of these roles, with the role. */
export async function listHoldersWithDevices(db: Db, roleIds: Iterable<string>) {
  return statements(db).holders.all({ ids: JSON.stringify([...roleIds]) })
}
