import { and, asc, eq, gt, isNull, lt, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import { channels, messages, searchDocuments, searchLogs } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { terms, toDocument } from "./document.ts"
import { anyTerm, firstIdAt, searchIndex } from "./index-table.ts"
import { countInSpan } from "./spans.ts"

const channelId = sql.placeholder("channelId")
const log = sql.placeholder("log")
const position = sql.placeholder("position")
const id = sql.placeholder("id")
const limit = sql.placeholder("limit")
const parents = alias(messages, "parents")

const statements = prepare((db) => ({
  behind: db
    .select({
      channelId: channels.id,
      missing: sql<number>`${channels.seq} - coalesce(${searchLogs.seq}, 0)`,
    })
    .from(channels)
    .leftJoin(searchLogs, eq(searchLogs.channelId, channels.id))
    .where(gt(channels.seq, sql`coalesce(${searchLogs.seq}, 0)`))
    .prepare(),
  deletedChannel: db
    .select({ log: searchLogs.id, channelId: searchLogs.channelId })
    .from(searchLogs)
    .leftJoin(channels, eq(channels.id, searchLogs.channelId))
    .where(isNull(channels.id))
    .limit(1)
    .prepare(),
  openLog: db.insert(searchLogs).values({ channelId, seq: 0 }).onConflictDoNothing().prepare(),
  findLog: db
    .select({
      id: searchLogs.id,
      seq: searchLogs.seq,
      channelId: channels.id,
      serverId: channels.serverId,
      parentId: parents.channelId,
    })
    .from(searchLogs)
    .innerJoin(channels, eq(channels.id, searchLogs.channelId))
    .leftJoin(parents, eq(parents.id, channels.parentId))
    .where(eq(searchLogs.channelId, channelId))
    .prepare(),
  advanceLog: db
    .update(searchLogs)
    .set({ seq: sql`${sql.placeholder("seq")}` })
    .where(eq(searchLogs.id, log))
    .prepare(),
  closeLog: db.delete(searchLogs).where(eq(searchLogs.id, log)).prepare(),
  changes: db
    .select({
      position: messages.position,
      seq: messages.seq,
      userId: messages.userId,
      content: messages.content,
      extras: messages.extras,
      createdAt: messages.createdAt,
      deletedAt: messages.deletedAt,
    })
    .from(messages)
    .where(and(eq(messages.channelId, channelId), gt(messages.seq, sql.placeholder("after"))))
    .orderBy(asc(messages.seq))
    .limit(limit)
    .prepare(),
  findDocument: db
    .select({ id: searchDocuments.id })
    .from(searchDocuments)
    .where(and(eq(searchDocuments.log, log), eq(searchDocuments.position, position)))
    .prepare(),
  lastBefore: db
    .select({ id: sql<number | null>`max(${searchDocuments.id})` })
    .from(searchDocuments)
    .where(lt(searchDocuments.id, id))
    .prepare(),
  insertDocument: db.insert(searchDocuments).values({ id, log, position }).prepare(),
  deleteDocument: db.delete(searchDocuments).where(eq(searchDocuments.id, id)).prepare(),
  insertWords: db
    .insert(searchIndex)
    .values({ id, body: sql.placeholder("body"), facts: sql.placeholder("facts") })
    .prepare(),
  deleteWords: db.delete(searchIndex).where(eq(searchIndex.id, id)).prepare(),
  listWords: db
    .select({ id: searchIndex.id })
    .from(searchIndex)
    .where(sql`search_index match ${sql.placeholder("match")}`)
    .limit(limit)
    .prepare(),
  merge: db
    .insert(searchIndex)
    .values({ index: "merge", rank: sql.placeholder("pages"), body: "", facts: "" })
    .prepare(),
  changedRows: db.select({ count: sql<number>`total_changes()` }).from(sql`(select 1)`).prepare(),
}))

type Log = NonNullable<ReturnType<ReturnType<typeof statements>["findLog"]["get"]>>
type LogChange = ReturnType<ReturnType<typeof statements>["changes"]["all"]>[number]

/** How much one commit indexes: the whole process waits for it. */
export interface IndexBatch {
  changes: number
  characters: number
}

/** The channels with changes that are not indexed yet, and their number. */
export function listBehind(db: Db) {
  return statements(db).behind.all()
}

/** Does the index still have messages of deleted channels? */
export function hasDeletedChannels(db: Db): boolean {
  return statements(db).deletedChannel.get() !== undefined
}

/** Indexes all messages at once. Blocks the process: only for command-line programs. */
export function indexAll(db: Db): void {
  const batch: IndexBatch = { changes: 10_000, characters: 1_000_000 }
  let behind = listBehind(db).map(({ channelId }) => channelId)
  while (behind.length > 0) {
    behind = db.transaction(() => indexChanges(db, behind, batch))
    mergeIndex(db, 1000)
  }
}

// These run inside a shared commit.

/**
 * Indexes the next changes of some channels' logs. Returns the channels that may have more. Each log's cursor moves in the
 * same commit, so that no crash makes it skip or repeat a change.
 */
export function indexChanges(db: Db, channelIds: Iterable<string>, batch: IndexBatch): string[] {
  const { openLog, findLog, changes, advanceLog } = statements(db)
  const batched: { log: Log; change: LogChange }[] = []
  const waiting: string[] = []
  const unfinished: string[] = []
  let characters = 0
  for (const channelId of channelIds) {
    const limit = batch.changes - batched.length
    if (limit <= 0 || characters >= batch.characters) {
      waiting.push(channelId)
      continue
    }
    openLog.run({ channelId })
    const log = findLog.get({ channelId })
    if (!log) continue

    const next = changes.all({ channelId, after: log.seq, limit })
    const fitting = next.filter(({ content }) => {
      const isFitting = characters < batch.characters
      characters += content.length
      return isFitting
    })
    for (const change of fitting) batched.push({ log, change })
    const last = fitting.at(-1)
    if (last) advanceLog.run({ log: log.id, seq: last.seq })
    if (fitting.length === limit || fitting.length < next.length) unfinished.push(channelId)
  }

  // FTS5 writes rows in ascending order of id together, and every other row separately.
  batched.sort((a, b) => a.change.createdAt.getTime() - b.change.createdAt.getTime())
  for (const { log, change } of batched) indexChange(db, log, change)
  // Channels that waited come first next time, so that a busy channel does not starve the others.
  return [...waiting, ...unfinished]
}

function indexChange(db: Db, log: Log, change: LogChange): void {
  const { findDocument, insertDocument, deleteDocument, insertWords, deleteWords } = statements(db)
  const { position, createdAt, deletedAt } = change
  const existing = findDocument.get({ log: log.id, position })
  if (existing) deleteWords.run({ id: existing.id })
  if (deletedAt) {
    if (existing) deleteDocument.run({ id: existing.id })
    return
  }
  const id = existing?.id ?? nextId(db, createdAt.getTime())
  if (!existing) {
    insertDocument.run({ id, log: log.id, position })
    countInSpan(db, id)
  }
  insertWords.run(toDocument(id, change, log))
}

/** An unused id for a message sent at `at`, above the ids of all earlier messages. */
function nextId(db: Db, at: number): number {
  const [first, end] = [firstIdAt(at), firstIdAt(at + 1)]
  const last = statements(db).lastBefore.get({ id: end })?.id ?? -1
  return last + 1 < end ? Math.max(first, last + 1) : nextId(db, at + 1)
}

/** Removes up to `limit` messages of a deleted channel from the index. Returns `false` when there are none. */
export function removeDeletedChannel(db: Db, limit: number): boolean {
  const { deletedChannel, listWords, deleteWords, deleteDocument, closeLog } = statements(db)
  const log = deletedChannel.get()
  if (!log) return false

  const rows = listWords.all({ match: anyTerm([terms.inChannel(log.channelId)]), limit })
  for (const { id } of rows) {
    deleteWords.run({ id })
    deleteDocument.run({ id })
  }
  if (rows.length < limit) closeLog.run({ log: log.log })
  return true
}

/** Merges segments of the index, about `pages` pages of them. Returns `false` when there was nothing to merge. */
export function mergeIndex(db: Db, pages: number): boolean {
  const { merge, changedRows } = statements(db)
  const before = changedRows.get()?.count ?? 0
  merge.run({ pages })
  // Source: https://www.sqlite.org/fts5.html#the_merge_command
  return (changedRows.get()?.count ?? 0) - before >= 2
}
