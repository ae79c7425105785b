import { and, asc, eq, lte, min, sql } from "drizzle-orm"
import { channels, keywords, notificationLevels, notificationSettings } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { forever, type LevelChoice, type NotifiedPlace } from "./levels.ts"

const userId = sql.placeholder("userId")
const placeId = sql.placeholder("placeId")

const choiceColumns = {
  level: notificationLevels.level,
  mutedUntil: notificationLevels.mutedUntil,
  isEveryoneSuppressed: notificationLevels.isEveryoneSuppressed,
  areRolesSuppressed: notificationLevels.areRolesSuppressed,
}
/** The number stands in the text, because only so does it name the index of such mutes. */
const isMuteThatEnds = sql`${notificationLevels.mutedUntil} < ${sql.raw(String(forever.getTime()))}`
/** The places of somebody's choices. */
const chosen = sql`select n.place_id from notification_levels n where n.user_id = ${userId}`
const conversation = sql`exists (select 1 from servers s where s.id = channels.server_id and s.kind = 'direct')`

const statements = prepare((db) => {
  const place = {
    channelId: channels.id,
    rootId: channels.rootId,
    categoryId: channels.categoryId,
    serverId: channels.serverId,
    isConversation: sql<boolean>`case when ${conversation} then 1 else 0 end`.mapWith(Boolean),
  }
  return {
    choices: db
      .select({
        userId: notificationLevels.userId,
        placeId: notificationLevels.placeId,
        place: notificationLevels.place,
        ...choiceColumns,
      })
      .from(notificationLevels)
      .where(sql`${notificationLevels.userId} in ${textsIn(db, sql.placeholder("userIds"))}`)
      .orderBy(asc(notificationLevels.placeId))
      .prepare(),
    chosenChannels: db.select(place).from(channels).where(sql`${channels.id} in (${chosen})`).prepare(),
    inChosenCategories: db
      .select(place)
      .from(channels)
      .where(sql`${channels.categoryId} in (${chosen})`)
      .prepare(),
    categoryOfRoot: db
      .select({ categoryId: channels.categoryId })
      .from(channels)
      .where(eq(channels.id, sql.placeholder("channelId")))
      .prepare(),
    settings: db
      .select({
        quietFrom: notificationSettings.quietFrom,
        quietUntil: notificationSettings.quietUntil,
        isTextShown: notificationSettings.isTextShown,
      })
      .from(notificationSettings)
      .where(eq(notificationSettings.userId, userId))
      .prepare(),
    keywords: db
      .select({ word: keywords.word })
      .from(keywords)
      .where(eq(keywords.userId, userId))
      .orderBy(asc(keywords.word))
      .prepare(),
    nextMuteEnd: db
      .select({ at: min(notificationLevels.mutedUntil) })
      .from(notificationLevels)
      .where(isMuteThatEnds)
      .prepare(),
  }
})

const choicesOf = gathered(
  (db, userIds) => statements(db).choices.all({ userIds: JSON.stringify(userIds) }),
  (row) => row.userId,
)

const writes = prepareWrites((tx) => ({
  insert: tx
    .insert(notificationLevels)
    .values({ userId, placeId, place: sql.placeholder("place"), updatedAt: sql.placeholder("now") })
    .onConflictDoNothing()
    .prepare(),
  deleteEmpty: tx
    .delete(notificationLevels)
    .where(
      and(
        eq(notificationLevels.userId, userId),
        eq(notificationLevels.placeId, placeId),
        sql`coalesce(${notificationLevels.level}, '') = '' and ${notificationLevels.mutedUntil} is null
          and ${notificationLevels.isEveryoneSuppressed} is null and ${notificationLevels.areRolesSuppressed} is null`,
      ),
    )
    .prepare(),
}))

/** The choices of a person, by the id of the place. */
export async function listChoices(db: Db, userId: string) {
  return choicesOf(db, userId)
}

/** The channels for which, or for whose categories, a person chose something. */
export async function listChosenPlaces(db: Db, userId: string): Promise<NotifiedPlace[]> {
  const own = await statements(db).chosenChannels.all({ userId })
  const inCategories = await statements(db).inChosenCategories.all({ userId })
  return [...new Map([...own, ...inCategories].map((place) => [place.channelId, place])).values()]
}

/** The category of a listed channel. */
export async function findCategoryOf(db: Db, channelId: string): Promise<string | null> {
  return (await statements(db).categoryOfRoot.get({ channelId }))?.categoryId ?? null
}

export type StoredSettings = NonNullable<Awaited<ReturnType<typeof findStoredSettings>>>

export async function findStoredSettings(db: Db, userId: string) {
  return statements(db).settings.get({ userId })
}

export async function listKeywords(db: Db, userId: string): Promise<string[]> {
  return (await statements(db).keywords.all({ userId })).map(({ word }) => word)
}

/** When the next mute ends; `null`: none ends. Looks at one entry of an index, however many mutes there are. */
export async function findNextMuteEnd(db: Db): Promise<Date | null> {
  return (await statements(db).nextMuteEnd.get())?.at ?? null
}

// These run inside a shared commit.

interface ChosenPlace {
  userId: string
  placeId: string
  place: "account" | "server" | "category" | "channel" | "thread"
}

/** Stores what is given of a choice. */
export async function updateChoice(
  tx: Tx,
  of: ChosenPlace,
  change: Partial<LevelChoice>,
  now: Date,
): Promise<void> {
  const { insert, deleteEmpty } = writes(tx)
  await insert.run({ ...of, now })
  await tx
    .update(notificationLevels)
    .set({ ...change, updatedAt: now })
    .where(and(eq(notificationLevels.userId, of.userId), eq(notificationLevels.placeId, of.placeId)))
    .run()
  await deleteEmpty.run({ userId: of.userId, placeId: of.placeId })
}

/** Removes the mutes that have ended at a time. Returns the ids of their users. */
export async function endMutes(tx: Tx, now: Date): Promise<string[]> {
  const ended = await tx
    .update(notificationLevels)
    .set({ mutedUntil: null })
    .where(and(isMuteThatEnds, lte(notificationLevels.mutedUntil, now)))
    .returning({ userId: notificationLevels.userId })
    .all()
  return [...new Set(ended.map(({ userId }) => userId))]
}

export async function updateSettings(tx: Tx, userId: string, change: Partial<StoredSettings>): Promise<void> {
  await tx
    .insert(notificationSettings)
    .values({ userId, ...change })
    .onConflictDoUpdate({ target: notificationSettings.userId, set: change })
    .run()
}

/** Replaces a person's keywords. */
export async function replaceKeywords(tx: Tx, userId: string, words: readonly string[]): Promise<void> {
  await tx.delete(keywords).where(eq(keywords.userId, userId)).run()
  if (words.length > 0)
    await tx
      .insert(keywords)
      .values(words.map((word) => ({ userId, word })))
      .run()
}
