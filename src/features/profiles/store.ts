import { and, eq, isNotNull, lte, sql } from "drizzle-orm"
import { profiles, servers, userNotes, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { rowsAsJson, textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import { faceColumns } from "../face-columns.ts"
import type { PresenceChoice } from "./contract.ts"

/** The kind in the storage keys of pictures. */
export const avatarKind = "avatars"

/** Most users whose pages are refreshed at once when a conversation's name changed. */
const maxCorrespondents = 1000

const userId = sql.placeholder("userId")
const viewerId = sql.placeholder("viewerId")

const mutual = (db: Db) =>
  rowsAsJson(
    db,
    { id: sql`id`, name: sql`name` },
    sql`select s.id, s.name
      from server_members mine
      join server_members theirs on theirs.server_id = mine.server_id and theirs.user_id = ${userId}
      join servers s on s.id = mine.server_id and s.kind = 'server'
      where mine.user_id = ${viewerId} order by s.name, s.id limit 100`,
  )

const statements = prepare((db) => ({
  profile: db
    .select({
      userId: users.id,
      username: users.username,
      ...faceColumns,
      isBot: isNotNull(users.botOwnerId).mapWith(Boolean),
      choice: users.presence,
      bio: profiles.bio,
      pronouns: profiles.pronouns,
      statusText: profiles.statusText,
      statusEmoji: profiles.statusEmoji,
      statusExpiresAt: profiles.statusExpiresAt,
      mutualServers: mutual(db),
    })
    .from(users)
    .leftJoin(profiles, eq(profiles.userId, users.id))
    .where(eq(users.id, userId))
    .prepare(),
  personal: db
    .select({ userId: users.id, ...faceColumns, presence: users.presence })
    .from(users)
    .where(sql`${users.id} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
  avatar: db
    .select({ version: users.avatarVersion, keys: profiles.avatarKeys })
    .from(users)
    .leftJoin(profiles, eq(profiles.userId, users.id))
    .where(eq(users.id, userId))
    .prepare(),
  note: db
    .select({ text: userNotes.text })
    .from(userNotes)
    .where(and(eq(userNotes.userId, viewerId), eq(userNotes.aboutId, userId)))
    .prepare(),
  /** The channels of someone's servers and conversations, with what they are called there. */
  appearances: db
    .select({
      username: users.username,
      ...faceColumns,
      serverId: servers.id,
      channelId: sql<string>`c.id`,
      nickname: sql<string | null>`m.nickname`,
    })
    .from(users)
    .innerJoin(sql`server_members m`, sql`m.user_id = ${users.id}`)
    .innerJoin(servers, sql`${servers.id} = m.server_id`)
    .innerJoin(
      sql`channels c`,
      sql`c.server_id = m.server_id and c.parent_id is null and c.archived_at is null`,
    )
    .where(eq(users.id, userId))
    .prepare(),
  expired: db
    .select({ userId: profiles.userId })
    .from(profiles)
    .where(lte(profiles.statusExpiresAt, sql.placeholder("now")))
    .limit(sql.placeholder("limit"))
    .prepare(),
}))

const personalOf = gathered(
  (db, userIds) => statements(db).personal.all({ userIds: JSON.stringify(userIds) }),
  (row) => row.userId,
)

const correspondence = prepare((db) => ({
  /** The people in somebody's conversations. */
  correspondents: db
    .selectDistinct({ userId: sql<string>`theirs.user_id` })
    .from(sql`server_members mine
      join servers s on s.id = mine.server_id and s.kind = 'direct'
      join server_members theirs on theirs.server_id = s.id and theirs.user_id <> mine.user_id`)
    .where(sql`mine.user_id = ${userId}`)
    .limit(maxCorrespondents)
    .prepare(),
}))

/** A profile as it is stored; `undefined` where there is no such user. `viewerId`: of the servers of both. */
export async function findProfile(db: Db, viewerId: string, userId: string) {
  return statements(db).profile.get({ viewerId, userId })
}

/** How someone shows on their own pages, and what they let others see of their presence. */
export async function findPersonal(db: Db, userId: string) {
  return (await personalOf(db, userId))[0]
}

/** The version of a user's picture, and its keys in the file store by form. */
export async function findAvatar(db: Db, userId: string) {
  return statements(db).avatar.get({ userId })
}

export async function findNote(db: Db, viewerId: string, userId: string): Promise<string> {
  return (await statements(db).note.get({ viewerId, userId }))?.text ?? ""
}

/** Where others may see a user, and by which name. */
export async function listAppearances(db: Db, userId: string) {
  return statements(db).appearances.all({ userId })
}

/** Users whose conversations show a user's name. */
export async function listCorrespondents(db: Db, userId: string): Promise<string[]> {
  return (await correspondence(db).correspondents.all({ userId })).map((row) => row.userId)
}

/** Of storage keys, those that are of somebody's picture. */
export async function filterAvatarKeys(db: Db, keys: string[]): Promise<Set<string>> {
  // Asked once an hour, of few: there are as many rows as people with pictures.
  const rows = await db
    .select({ keys: profiles.avatarKeys })
    .from(profiles)
    .where(isNotNull(profiles.avatarKeys))
    .all()
  const used = new Set(rows.flatMap(({ keys }) => Object.values(keys ?? {})))
  return new Set(keys.filter((key) => used.has(key)))
}

/** The users whose status has ended, at most `limit`. */
export async function listEndedStatuses(db: Db, now: Date, limit: number): Promise<string[]> {
  return (await statements(db).expired.all({ now: now.getTime(), limit })).map(({ userId }) => userId)
}

// All of these run inside a shared commit.

export async function updateDisplayName(tx: Tx, userId: string, displayName: string | null): Promise<void> {
  await tx.update(users).set({ displayName }).where(eq(users.id, userId)).run()
}

export async function updatePresence(tx: Tx, userId: string, presence: PresenceChoice): Promise<void> {
  await tx.update(users).set({ presence }).where(eq(users.id, userId)).run()
}

export async function updateAvatarVersion(tx: Tx, userId: string, avatarVersion: string | null) {
  await tx.update(users).set({ avatarVersion }).where(eq(users.id, userId)).run()
}

type ProfileChange = Partial<Omit<typeof profiles.$inferInsert, "userId" | "updatedAt">>

/** Stores the given fields of a profile. */
export async function upsertProfile(tx: Tx, userId: string, change: ProfileChange): Promise<void> {
  const set = { ...change, updatedAt: new Date() }
  await tx
    .insert(profiles)
    .values({ userId, ...set })
    .onConflictDoUpdate({ target: profiles.userId, set })
    .run()
}

/** Ends a status that has ended by now: it may have been set again meanwhile. */
export async function endStatus(tx: Tx, userId: string, now: Date): Promise<boolean> {
  const ended = await tx
    .update(profiles)
    .set({ statusText: "", statusEmoji: "", statusExpiresAt: null })
    .where(and(eq(profiles.userId, userId), lte(profiles.statusExpiresAt, now)))
    .returning({ userId: profiles.userId })
    .all()
  return ended.length > 0
}

export async function replaceNote(tx: Tx, viewerId: string, aboutId: string, text: string): Promise<void> {
  const ofPair = and(eq(userNotes.userId, viewerId), eq(userNotes.aboutId, aboutId))
  if (text === "") {
    await tx.delete(userNotes).where(ofPair).run()
    return
  }
  const set = { text, updatedAt: new Date() }
  await tx
    .insert(userNotes)
    .values({ userId: viewerId, aboutId, ...set })
    .onConflictDoUpdate({ target: [userNotes.userId, userNotes.aboutId], set })
    .run()
}
