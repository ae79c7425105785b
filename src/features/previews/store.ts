import { and, eq, inArray, isNull, sql } from "drizzle-orm"
import { channels, linkPreviews, messages, webhookAvatars } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { viewableBy } from "../permissions/scope.ts"

const statements = prepare((db) => ({
  readable: db
    .select({ id: linkPreviews.id, imageKey: linkPreviews.imageKey })
    .from(linkPreviews)
    .innerJoin(messages, eq(messages.id, linkPreviews.messageId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .where(
      and(
        eq(linkPreviews.id, sql.placeholder("id")),
        viewableBy(sql.placeholder("viewerId")),
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
export async function listPreviewedUrls(db: Db, messageId: string): Promise<Set<string>> {
  const rows = await db
    .select({ url: linkPreviews.url })
    .from(linkPreviews)
    .where(eq(linkPreviews.messageId, messageId))
    .all()
  return new Set(rows.map(({ url }) => url))
}

type NewPreview = Pick<typeof linkPreviews.$inferInsert, "id" | "messageId" | "url" | "imageKey">

export async function insertPreview(tx: Tx, preview: NewPreview): Promise<void> {
  await tx.insert(linkPreviews).values(preview).run()
}

/** Returns the storage keys of the previews' pictures. */
export async function deletePreviews(tx: Tx, ids: string[]): Promise<string[]> {
  const deleted = tx.delete(linkPreviews).where(inArray(linkPreviews.id, ids)).returning()
  return (await deleted.all()).flatMap(({ imageKey }) => imageKey ?? [])
}

/** Deletes all previews of a message; returns the storage keys of their pictures. */
export async function deletePreviewsOf(tx: Tx, messageId: string): Promise<string[]> {
  const deleted = tx.delete(linkPreviews).where(eq(linkPreviews.messageId, messageId)).returning()
  return (await deleted.all()).flatMap(({ imageKey }) => imageKey ?? [])
}

/** Marks a preview as removed, so that it is not fetched again. Returns the storage key of its picture. */
export async function removePreview(
  tx: Tx,
  messageId: string,
  id: string,
  removedAt: Date,
): Promise<string | null> {
  const condition = and(eq(linkPreviews.id, id), eq(linkPreviews.messageId, messageId))
  const row = await tx.select({ imageKey: linkPreviews.imageKey }).from(linkPreviews).where(condition).get()
  await tx.update(linkPreviews).set({ removedAt, imageKey: null }).where(condition).run()
  return row?.imageKey ?? null
}

/** The keys among these that a preview or a webhook's avatar references. */
export async function filterReferencedPictures(db: Db, keys: string[]): Promise<Set<string>> {
  const ids = keys.map((key) => key.split("/")[1] ?? "")
  const rows = (
    await Promise.all(
      [linkPreviews, webhookAvatars].map((table) =>
        db.select({ imageKey: table.imageKey }).from(table).where(inArray(table.id, ids)).all(),
      ),
    )
  ).flat()
  return new Set(rows.flatMap(({ imageKey }) => imageKey ?? []))
}
