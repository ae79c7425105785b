import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm"
import { files, scheduledFiles, scheduledMessages } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { Refusal } from "../../kernel/index.ts"
import type { UploadedFile } from "../files/contract.ts"
import { type FileRow, listUnsentFiles, missingFile, toAttachment } from "../files/store.ts"

const statements = prepare((db) => ({
  ofOne: db
    .select({ file: files })
    .from(scheduledFiles)
    .innerJoin(files, eq(files.id, scheduledFiles.fileId))
    .where(eq(scheduledFiles.scheduledId, sql.placeholder("scheduledId")))
    .orderBy(asc(scheduledFiles.position))
    .prepare(),
  ofUser: db
    .select({ scheduledId: scheduledFiles.scheduledId, file: files })
    .from(scheduledMessages)
    .innerJoin(scheduledFiles, eq(scheduledFiles.scheduledId, scheduledMessages.id))
    .innerJoin(files, eq(files.id, scheduledFiles.fileId))
    .where(and(eq(scheduledMessages.userId, sql.placeholder("userId")), isNull(scheduledMessages.sentAt)))
    .orderBy(asc(scheduledFiles.scheduledId), asc(scheduledFiles.position))
    .prepare(),
}))

/** The files of a scheduled message, in order. */
export async function listScheduledFiles(db: Db, scheduledId: string): Promise<FileRow[]> {
  return (await statements(db).ofOne.all({ scheduledId })).map(({ file }) => file)
}

/** The files of all messages of a user that were not sent, by the ids of the messages. */
export async function filesOfScheduled(db: Db, userId: string): Promise<Map<string, UploadedFile[]>> {
  const byMessage = Map.groupBy(await statements(db).ofUser.all({ userId }), ({ scheduledId }) => scheduledId)
  return new Map([...byMessage].map(([id, rows]) => [id, rows.map(({ file }) => toAttachment(file))]))
}

// These run inside a commit.

interface Scheduled {
  id: string
  userId: string
  channelId: string
}

/**
 * Gives a scheduled message these files, in this order, and no others. Returns the storage keys of those that it had besides,
 * which are deleted. Throws a `Refusal` when one is not an unsent file of its author in its channel: 400.
 */
export async function setScheduledFiles(tx: Tx, { id, userId, channelId }: Scheduled, fileIds: string[]) {
  const known = new Set((await listScheduledFiles(tx, id)).map((file) => file.id))
  const added = fileIds.filter((fileId) => !known.has(fileId))
  const unsent = added.length > 0 ? await listUnsentFiles(tx, userId, channelId, added) : []
  if (unsent.length < added.length) throw new Refusal(missingFile, 400)

  const kept = new Set(fileIds)
  const keys = await deleteFiles(
    tx,
    [...known].filter((fileId) => !kept.has(fileId)),
  )
  await releaseScheduledFiles(tx, id)
  const rows = fileIds.map((fileId, position) => ({ fileId, scheduledId: id, position }))
  if (rows.length > 0) await tx.insert(scheduledFiles).values(rows).run()
  return keys
}

/** Deletes the files of a scheduled message; returns the storage keys of their bytes. */
export async function deleteScheduledFiles(tx: Tx, scheduledId: string): Promise<string[]> {
  const ids = (await listScheduledFiles(tx, scheduledId)).map(({ id }) => id)
  return deleteFiles(tx, ids)
}

/** The files of a scheduled message wait no longer: they are about to be sent. */
export async function releaseScheduledFiles(tx: Tx, scheduledId: string): Promise<void> {
  await tx.delete(scheduledFiles).where(eq(scheduledFiles.scheduledId, scheduledId)).run()
}

async function deleteFiles(tx: Tx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []

  const deleted = await tx
    .delete(files)
    .where(and(inArray(files.id, ids), isNull(files.messageId)))
    .returning({ key: files.key })
    .all()
  return deleted.map(({ key }) => key)
}
