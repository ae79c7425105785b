import { and, asc, count, eq, inArray, isNull, sql } from "drizzle-orm"
import { channels, webhookAvatars } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { viewableBy } from "../permissions/scope.ts"

const statements = prepare((db) => ({
  byUrl: db
    .select({ id: webhookAvatars.id, imageKey: webhookAvatars.imageKey })
    .from(webhookAvatars)
    .where(
      and(
        eq(webhookAvatars.channelId, sql.placeholder("channelId")),
        eq(webhookAvatars.url, sql.placeholder("url")),
      ),
    )
    .prepare(),
  readable: db
    .select({ id: webhookAvatars.id, imageKey: webhookAvatars.imageKey })
    .from(webhookAvatars)
    .innerJoin(channels, eq(channels.id, webhookAvatars.channelId))
    .where(and(eq(webhookAvatars.id, sql.placeholder("id")), viewableBy(sql.placeholder("viewerId"))))
    .prepare(),
}))

/** An avatar in a channel that the viewer may read. Never cached: the permission may have been revoked. */
export async function findReadableAvatar(db: Db, viewerId: string, id: string) {
  return statements(db).readable.get({ viewerId, id })
}

/** The source URL of an avatar whose picture is not stored yet; otherwise `undefined`. */
export async function findAvatarUrl(db: Db, id: string): Promise<string | undefined> {
  const missing = and(eq(webhookAvatars.id, id), isNull(webhookAvatars.imageKey))
  return (await db.select({ url: webhookAvatars.url }).from(webhookAvatars).where(missing).get())?.url
}

// The functions below run inside a shared commit.

export async function findAvatarByUrl(db: Db, channelId: string, url: string) {
  return statements(db).byUrl.get({ channelId, url })
}

export async function insertAvatar(
  tx: Tx,
  avatar: { id: string; channelId: string; url: string },
): Promise<void> {
  await tx.insert(webhookAvatars).values(avatar).run()
}

/** Deletes the oldest avatar of a channel that has `maxAvatars`. A sweeper deletes its picture later. */
export async function deleteOldestAvatar(tx: Tx, channelId: string, maxAvatars: number): Promise<void> {
  const inChannel = eq(webhookAvatars.channelId, channelId)
  const row = await tx.select({ avatars: count() }).from(webhookAvatars).where(inChannel).get()
  if ((row?.avatars ?? 0) < maxAvatars) return

  const oldest = tx
    .select({ id: webhookAvatars.id })
    .from(webhookAvatars)
    .where(inChannel)
    .orderBy(asc(webhookAvatars.createdAt))
    .limit(1)
  await tx.delete(webhookAvatars).where(inArray(webhookAvatars.id, oldest)).run()
}

/** `false` when the avatar has been deleted. */
export async function updateAvatarKey(tx: Tx, id: string, imageKey: string): Promise<boolean> {
  const updated = tx.update(webhookAvatars).set({ imageKey }).where(eq(webhookAvatars.id, id))
  return (await updated.returning({ id: webhookAvatars.id }).all()).length > 0
}
