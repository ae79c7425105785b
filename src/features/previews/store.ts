import { and, eq, inArray, isNull, sql } from "drizzle-orm"
import { channels, linkPreviews, messages, webhookAvatars } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"

const statements = prepare((db) => ({
  seen: db
    .select({ id: linkPreviews.id, imageKey: linkPreviews.imageKey })
    .from(linkPreviews)
    .innerJoin(messages, eq(messages.id, linkPreviews.messageId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .where(
      and(
        eq(linkPreviews.id, sql.placeholder("id")),
        readableBy(sql.placeholder("viewerId")),
        isNull(linkPreviews.removedAt),
        isNull(messages.deletedAt),
      ),
    )
    .prepare(),
}))

/** A preview in a channel that person reads, asked anew each time. */
export async function findPreviewSeenBy(db: Db, viewerId: string, id: string) {
  return statements(db).seen.get({ viewerId, id })
}

// All of these run inside a shared commit, too.

/** A message's links that were looked at, also those whose previews were removed. */
export function listPreviewed(db: Db, messageId: string): Set<string> {
  const rows = db
    .select({ url: linkPreviews.url })
    .from(linkPreviews)
    .where(eq(linkPreviews.messageId, messageId))
    .all()
  return new Set(rows.map(({ url }) => url))
}

type NewPreview = Pick<typeof linkPreviews.$inferInsert, "id" | "messageId" | "url" | "imageKey">

export function insertPreview(db: Db, preview: NewPreview): void {
  db.insert(linkPreviews).values(preview).run()
}

/** Previews of links that a message has no more, or of all its links; returns the keys of their pictures. */
export function deletePreviews(db: Db, ids: string[]): string[] {
  const gone = db.delete(linkPreviews).where(inArray(linkPreviews.id, ids)).returning()
  return gone.all().flatMap(({ imageKey }) => imageKey ?? [])
}

export function deletePreviewsOf(db: Db, messageId: string): string[] {
  const gone = db.delete(linkPreviews).where(eq(linkPreviews.messageId, messageId)).returning()
  return gone.all().flatMap(({ imageKey }) => imageKey ?? [])
}

/** Remembers that it is not wanted; returns the key of its picture. */
export function removePreview(db: Db, messageId: string, id: string, removedAt: Date): string | null {
  const which = and(eq(linkPreviews.id, id), eq(linkPreviews.messageId, messageId))
  const row = db.select({ imageKey: linkPreviews.imageKey }).from(linkPreviews).where(which).get()
  db.update(linkPreviews).set({ removedAt, imageKey: null }).where(which).run()
  return row?.imageKey ?? null
}

/** Which of these keys are pictures of something: of previews, or who webhooks write as. */
export function knownPictures(db: Db, keys: string[]): Set<string> {
  const ids = keys.map((key) => key.split("/")[1] ?? "")
  const shown = [linkPreviews, webhookAvatars].flatMap((table) =>
    db.select({ imageKey: table.imageKey }).from(table).where(inArray(table.id, ids)).all(),
  )
  return new Set(shown.flatMap(({ imageKey }) => imageKey ?? []))
}
