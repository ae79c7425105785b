import { and, asc, count, eq, inArray, isNull, sql } from "drizzle-orm"
import { channels, webhookAvatars } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"

const statements = prepare((db) => ({
  at: db
    .select({ id: webhookAvatars.id, imageKey: webhookAvatars.imageKey })
    .from(webhookAvatars)
    .where(
      and(
        eq(webhookAvatars.channelId, sql.placeholder("channelId")),
        eq(webhookAvatars.url, sql.placeholder("url")),
      ),
    )
    .prepare(),
  seen: db
    .select({ id: webhookAvatars.id, imageKey: webhookAvatars.imageKey })
    .from(webhookAvatars)
    .innerJoin(channels, eq(channels.id, webhookAvatars.channelId))
    .where(and(eq(webhookAvatars.id, sql.placeholder("id")), readableBy(sql.placeholder("viewerId"))))
    .prepare(),
}))

/** An avatar of a channel that person reads, asked anew each time. */
export function findAvatarSeenBy(db: Db, viewerId: string, id: string) {
  return statements(db).seen.get({ viewerId, id })
}

/** The address it is to be had from, while it is not there. */
export function findAvatarUrl(db: Db, id: string): string | undefined {
  const missing = and(eq(webhookAvatars.id, id), isNull(webhookAvatars.imageKey))
  return db.select({ url: webhookAvatars.url }).from(webhookAvatars).where(missing).get()?.url
}

// All of these run inside a shared commit.

export function findAvatarAt(db: Db, channelId: string, url: string) {
  return statements(db).at.get({ channelId, url })
}

export function insertAvatar(db: Db, avatar: { id: string; channelId: string; url: string }): void {
  db.insert(webhookAvatars).values(avatar).run()
}

/** Makes room for another, where there are so many. Its picture goes with all that belong to nothing. */
export function deleteOldestAvatar(db: Db, channelId: string, most: number): void {
  const inChannel = eq(webhookAvatars.channelId, channelId)
  const found = db.select({ avatars: count() }).from(webhookAvatars).where(inChannel).get()
  if ((found?.avatars ?? 0) < most) return

  const oldest = db
    .select({ id: webhookAvatars.id })
    .from(webhookAvatars)
    .where(inChannel)
    .orderBy(asc(webhookAvatars.createdAt))
    .limit(1)
  db.delete(webhookAvatars).where(inArray(webhookAvatars.id, oldest)).run()
}

/** `false` when it is gone already. */
export function updateAvatarKey(db: Db, id: string, imageKey: string): boolean {
  const updated = db.update(webhookAvatars).set({ imageKey }).where(eq(webhookAvatars.id, id))
  return updated.returning({ id: webhookAvatars.id }).all().length > 0
}
