import { and, asc, eq, inArray, isNotNull, isNull, lt, notExists, or, sql } from "drizzle-orm"
import { channels, files, incomingWebhooks, scheduledFiles } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { viewableBy } from "../permissions/scope.ts"
import { isMember } from "../permissions/store.ts"
import type { UploadedFile } from "./contract.ts"

export type FileRow = typeof files.$inferSelect

export const missingFile = "A file of this message no longer exists. Attach it again"

/** In no message, neither sent nor scheduled. */
const isUnused = (db: Db) =>
  and(
    isNull(files.messageId),
    notExists(db.select({ one: sql`1` }).from(scheduledFiles).where(eq(scheduledFiles.fileId, files.id))),
  )

const statements = prepare((db) => ({
  readable: db
    .select({ file: files, serverId: channels.serverId })
    .from(files)
    .innerJoin(channels, eq(channels.id, files.channelId))
    .where(
      and(
        eq(files.id, sql.placeholder("id")),
        viewableBy(sql.placeholder("viewerId")),
        or(isNotNull(files.messageId), eq(files.userId, sql.placeholder("viewerId"))),
      ),
    )
    .prepare(),
  usage: db
    .select({
      bytes: sql<number>`cast(coalesce(sum(${files.bytes}), 0) as bigint)`,
      unsent: sql<number>`count(*) - count(${files.messageId}) - (
        select count(*) from scheduled_messages later join scheduled_files with_it on with_it.scheduled_id = later.id
        where later.user_id = ${sql.placeholder("userId")} and later.sent_at is null)`,
    })
    .from(files)
    .where(eq(files.userId, sql.placeholder("userId")))
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  deleteOfMessage: tx
    .delete(files)
    .where(eq(files.messageId, sql.placeholder("messageId")))
    .returning({ key: files.key })
    .prepare(),
}))

/**
 * A file that the viewer may read: of a message in a channel they may read, or their own unsent one. Checked on every
 * request, so that a saved URL stops working when the permission is revoked.
 */
export async function findReadableFile(db: Db, viewerId: string, id: string) {
  return statements(db).readable.get({ viewerId, id })
}

/** The size of a user's files and how many are in no message. */
export async function fileUsageOf(db: Db, userId: string): Promise<{ bytes: number; unsent: number }> {
  return (await statements(db).usage.get({ userId })) ?? { bytes: 0, unsent: 0 }
}

/** `undefined` when the channel does not exist or the user may no longer write there. Runs inside a shared commit. */
export async function insertFile(tx: Tx, file: FileRow): Promise<FileRow | undefined> {
  const channel = await tx
    .select({ serverId: channels.serverId })
    .from(channels)
    .where(eq(channels.id, file.channelId))
    .get()
  if (!channel || !(await mayWriteIn(tx, channel.serverId, file.userId))) return undefined

  return tx.insert(files).values(file).returning().get()
}

/** Whether the user is a member, or the account of a webhook of that server. */
async function mayWriteIn(db: Db, serverId: string, userId: string): Promise<boolean> {
  if (await isMember(db, serverId, userId)) return true

  const webhook = await db
    .select({ id: incomingWebhooks.id })
    .from(incomingWebhooks)
    .innerJoin(channels, eq(channels.id, incomingWebhooks.channelId))
    .where(and(eq(channels.serverId, serverId), eq(incomingWebhooks.userId, userId)))
    .get()
  return webhook !== undefined
}

/** The user's files in a channel that are in no message, in the order of `ids`. Other ids are left out. */
export async function listUnsentFiles(
  db: Db,
  userId: string,
  channelId: string,
  ids: string[],
): Promise<FileRow[]> {
  const rows = await db
    .select()
    .from(files)
    .where(
      and(inArray(files.id, ids), eq(files.userId, userId), eq(files.channelId, channelId), isUnused(db)),
    )
    .all()
  return ids.flatMap((id) => rows.find((file) => file.id === id) ?? [])
}

export async function attachFiles(tx: Tx, messageId: string, ids: string[]): Promise<void> {
  await tx.update(files).set({ messageId }).where(inArray(files.id, ids)).run()
}

/** Deletes the files of a message; returns the storage keys of their bytes. */
export async function deleteFilesOf(tx: Tx, messageId: string): Promise<string[]> {
  return (await writes(tx).deleteOfMessage.all({ messageId })).map(({ key }) => key)
}

export async function updateAlt(tx: Tx, id: string, alt: string): Promise<FileRow | undefined> {
  return tx.update(files).set({ alt }).where(eq(files.id, id)).returning().get()
}

/** Deletes a file that is in no message, neither sent nor scheduled. */
export async function deleteUnsent(tx: Tx, id: string): Promise<FileRow | undefined> {
  return tx
    .delete(files)
    .where(and(eq(files.id, id), isUnused(tx)))
    .returning()
    .get()
}

/** Files in no message that were uploaded before a time, oldest first. */
export async function listAbandonedFiles(db: Db, before: Date, limit: number): Promise<FileRow[]> {
  return db
    .select()
    .from(files)
    .where(and(isUnused(db), lt(files.createdAt, before)))
    .orderBy(asc(files.createdAt))
    .limit(limit)
    .all()
}

/** The ids among these that have a row. */
export async function filterExistingFileIds(db: Db, ids: string[]): Promise<Set<string>> {
  const rows = await db.select({ id: files.id }).from(files).where(inArray(files.id, ids)).all()
  return new Set(rows.map(({ id }) => id))
}

/** A file in the form in which messages show it. */
export function toAttachment({
  id,
  name,
  type,
  bytes,
  width,
  height,
  alt,
  isAnimated,
}: FileRow): UploadedFile {
  return {
    id,
    name,
    type,
    bytes,
    ...(width !== null && height !== null && { width, height }),
    ...(alt && { alt }),
    ...(isAnimated && { animated: true }),
  }
}
