import { and, asc, eq, isNotNull, or, type SQL } from "drizzle-orm"
import { channels, files, scheduledFiles } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import type { FileStorage } from "../files/storage.ts"
import { type Archive, type ArchiveContent, paged } from "./archive.ts"

/** The path of an uploaded file in an archive. */
export function filePath({ id, name }: { id: string; name: string }): string {
  const plain = name.replace(/[^\p{L}\p{N} ._-]+/gu, "_").replace(/\.{2,}/g, ".")
  return `files/${id}-${plain}`
}

interface Source {
  db: Db
  storage: FileStorage
  /** Throws when the work was stopped. */
  check(): void
}

/** The files of a server's messages. */
export const sentIn = (serverId: string) => and(eq(channels.serverId, serverId), isNotNull(files.messageId))

/** A person's files in messages, sent or scheduled. */
export const keptBy = (userId: string) =>
  and(eq(files.userId, userId), or(isNotNull(files.messageId), isNotNull(scheduledFiles.fileId)))

/** Adds files that meet a condition, as they were uploaded. */
export async function addFiles(archive: Archive, { db, storage, check }: Source, where?: SQL): Promise<void> {
  const rows = paged((limit, offset) =>
    db
      .select({ id: files.id, name: files.name, key: files.key })
      .from(files)
      .innerJoin(channels, eq(channels.id, files.channelId))
      .leftJoin(scheduledFiles, eq(scheduledFiles.fileId, files.id))
      .where(where)
      .orderBy(asc(files.id))
      .limit(limit)
      .offset(offset)
      .all(),
  )
  for await (const page of rows) {
    for (const file of page) {
      check()
      await addStored(archive, storage, { key: file.key, path: filePath(file) })
    }
  }
}

/** Adds what is stored under a key; nothing when it was deleted meanwhile. */
export async function addStored(
  archive: Archive,
  storage: FileStorage,
  { key, path }: { key: string; path: string },
): Promise<void> {
  const stored = await storage.get(key)
  if (!stored) return

  const body = stored.body()
  const content = (body instanceof Blob ? body.stream() : body) as unknown as ArchiveContent
  // Pictures and archives, mostly, which do not become smaller.
  await archive.add(path, content, { isCompressed: false })
}
