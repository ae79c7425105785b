import { and, asc, eq, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm"
import { channels, files, incomingWebhooks } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"
import { isMember } from "../permissions/store.ts"
import type { UploadedFile } from "./contract.ts"

export type FileRow = typeof files.$inferSelect

const statements = prepare((db) => ({
  seen: db
    .select({ file: files, serverId: channels.serverId })
    .from(files)
    .innerJoin(channels, eq(channels.id, files.channelId))
    .where(
      and(
        eq(files.id, sql.placeholder("id")),
        readableBy(sql.placeholder("viewerId")),
        or(isNotNull(files.messageId), eq(files.userId, sql.placeholder("viewerId"))),
      ),
    )
    .prepare(),
  used: db
    .select({
      bytes: sql<number>`coalesce(sum(${files.bytes}), 0)`,
      unsent: sql<number>`count(*) - count(${files.messageId})`,
    })
    .from(files)
    .where(eq(files.userId, sql.placeholder("userId")))
    .prepare(),
  forget: db
    .delete(files)
    .where(eq(files.messageId, sql.placeholder("messageId")))
    .returning({ key: files.key })
    .prepare(),
}))

/**
 * A file that person may have: of a message in a channel they read, or their own that is not sent yet. Asked anew
 * each time: a saved address is worth what its holder is allowed now.
 */
export async function findFileSeenBy(db: Db, viewerId: string, id: string) {
  return statements(db).seen.get({ viewerId, id })
}

/** What a person's files take, and how many are in no message. Synchronous: also inside a shared commit. */
export function usedBy(db: Db, userId: string): { bytes: number; unsent: number } {
  return statements(db).used.get({ userId }) ?? { bytes: 0, unsent: 0 }
}

/** Synchronous: it runs inside a shared commit. `undefined` when the channel is gone, or not theirs any more. */
export function insertFile(db: Db, file: FileRow): FileRow | undefined {
  const channel = db
    .select({ serverId: channels.serverId })
    .from(channels)
    .where(eq(channels.id, file.channelId))
    .get()
  if (!channel || !mayWriteIn(db, channel.serverId, file.userId)) return undefined

  return db.insert(files).values(file).returning().get()
}

/** A member, or who a webhook of that server writes as. */
function mayWriteIn(db: Db, serverId: string, userId: string): boolean {
  if (isMember(db, serverId, userId)) return true

  const webhook = db
    .select({ id: incomingWebhooks.id })
    .from(incomingWebhooks)
    .innerJoin(channels, eq(channels.id, incomingWebhooks.channelId))
    .where(and(eq(channels.serverId, serverId), eq(incomingWebhooks.userId, userId)))
    .get()
  return webhook !== undefined
}

/** Those of a person's files in a channel that no message has yet, in the order of `ids`. */
export function listUnsent(db: Db, userId: string, channelId: string, ids: string[]): FileRow[] {
  const found = db
    .select()
    .from(files)
    .where(
      and(
        inArray(files.id, ids),
        eq(files.userId, userId),
        eq(files.channelId, channelId),
        isNull(files.messageId),
      ),
    )
    .all()
  return ids.flatMap((id) => found.find((file) => file.id === id) ?? [])
}

export function attachFiles(db: Db, messageId: string, ids: string[]): void {
  db.update(files).set({ messageId }).where(inArray(files.id, ids)).run()
}

/** The files of a message, no more; returns the keys of their bytes. */
export function forgetFilesOf(db: Db, messageId: string): string[] {
  return statements(db)
    .forget.all({ messageId })
    .map(({ key }) => key)
}

export function updateAlt(db: Db, id: string, alt: string): FileRow | undefined {
  return db.update(files).set({ alt }).where(eq(files.id, id)).returning().get()
}

export function deleteUnsent(db: Db, id: string): FileRow | undefined {
  return db
    .delete(files)
    .where(and(eq(files.id, id), isNull(files.messageId)))
    .returning()
    .get()
}

/** Files that no message took, from before a time, oldest first. */
export function listForgotten(db: Db, before: Date, limit: number): FileRow[] {
  return db
    .select()
    .from(files)
    .where(and(isNull(files.messageId), lt(files.createdAt, before)))
    .orderBy(asc(files.createdAt))
    .limit(limit)
    .all()
}

/** Which of these ids are files. */
export function knownFiles(db: Db, ids: string[]): Set<string> {
  const found = db.select({ id: files.id }).from(files).where(inArray(files.id, ids)).all()
  return new Set(found.map(({ id }) => id))
}

/** A file as a message shows it. */
export function toAttachment({ id, name, type, bytes, width, height, alt }: FileRow): UploadedFile {
  return {
    id,
    name,
    type,
    bytes,
    ...(width !== null && height !== null && { width, height }),
    ...(alt && { alt }),
  }
}
