import { and, eq, inArray, isNull, sql } from "drizzle-orm"
import { channels, linkPreviews, messages, webhookAvatars } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"

const statements = prepare((db) => ({
  readable: db
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

/** A preview in a channel that the viewer may read. Never cached: the permission may have been revoked. */
export async function findReadablePreview(db: Db, viewerId: string, id: string) {
  return statements(db).readable.get({ viewerId, id })
}

// The functions below may run inside a shared commit.

/** The links of a message with a preview, including removed previews. */
export function listPreviewedUrls(db: Db, messageId: string): Set<string> {
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

/** Returns the storage keys of the previews' pictures. */
export function deletePreviews(db: Db, ids: string[]): string[] {
  const deleted = db.delete(linkPreviews).where(inArray(linkPreviews.id, ids)).returning()
  return deleted.all().flatMap(({ imageKey }) => imageKey ?? [])
}

/** Deletes all previews of a message; returns the storage keys of their pictures. */
export function deletePreviewsOf(db: Db, messageId: string): string[] {
  const deleted = db.delete(linkPreviews).where(eq(linkPreviews.messageId, messageId)).returning()
  return deleted.all().flatMap(({ imageKey }) => imageKey ?? [])
}

/** Marks a preview as removed, so that it is not fetched again. Returns the storage key of its picture. */
export function removePreview(db: Db, messageId: string, id: string, removedAt: Date): string | null {
  const condition = and(eq(linkPreviews.id, id), eq(linkPreviews.messageId, messageId))
  const row = db.select({ imageKey: linkPreviews.imageKey }).from(linkPreviews).where(condition).get()
  db.update(linkPreviews).set({ removedAt, imageKey: null }).where(condition).run()
  return row?.imageKey ?? null
}

/** The keys among these that a preview or a webhook's avatar references. */
export function filterReferencedPictures(db: Db, keys: string[]): Set<string> {
  const ids = keys.map((key) => key.split("/")[1] ?? "")
  const rows = [linkPreviews, webhookAvatars].flatMap((table) =>
    db.select({ imageKey: table.imageKey }).from(table).where(inArray(table.id, ids)).all(),
  )
  return new Set(rows.flatMap(({ imageKey }) => imageKey ?? []))
}
