import { and, asc, eq, gt, isNull, lt, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import { channels, messages, searchDocuments, searchLogs } from "../../../drizzle/schema.ts"
import type { Database, Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
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
  listWords: db
    .select({ id: searchIndex.id })
    .from(searchIndex)
    .where(sql`search_index match ${sql.placeholder("match")}`)
    .limit(limit)
    .prepare(),
  changedRows: db.select({ count: sql<number>`total_changes()` }).from(sql`(select 1)`).prepare(),
}))

const writes = prepareWrites((tx) => ({
  openLog: tx.insert(searchLogs).values({ channelId, seq: 0 }).onConflictDoNothing().prepare(),
  advanceLog: tx
    .update(searchLogs)
    .set({ seq: sql`${sql.placeholder("seq")}` })
    .where(eq(searchLogs.id, log))
    .prepare(),
  closeLog: tx.delete(searchLogs).where(eq(searchLogs.id, log)).prepare(),
  insertDocument: tx.insert(searchDocuments).values({ id, log, position }).prepare(),
  deleteDocument: tx.delete(searchDocuments).where(eq(searchDocuments.id, id)).prepare(),
  insertWords: tx
    .insert(searchIndex)
    .values({ id, body: sql.placeholder("body"), facts: sql.placeholder("facts") })
    .prepare(),
  deleteWords: tx.delete(searchIndex).where(eq(searchIndex.id, id)).prepare(),
  merge: tx
    .insert(searchIndex)
    .values({ index: "merge", rank: sql.placeholder("pages"), body: "", facts: "" })
    .prepare(),
}))

type Log = NonNullable<Awaited<ReturnType<ReturnType<typeof statements>["findLog"]["get"]>>>
type LogChange = Awaited<ReturnType<ReturnType<typeof statements>["changes"]["all"]>>[number]

/** How much one commit indexes: the whole process waits for it. */
export interface IndexBatch {
  changes: number
  characters: number
}

/** The channels with changes that are not indexed yet, and their number. */
export async function listBehind(db: Db) {
  return statements(db).behind.all()
}

/** Does the index still have messages of deleted channels? */
export async function hasDeletedChannels(db: Db): Promise<boolean> {
  return (await statements(db).deletedChannel.get()) !== undefined
}

/** Indexes all messages at once. Blocks the process: only for command-line programs. */
export async function indexAll({ db, commits }: Pick<Database, "db" | "commits">): Promise<void> {
  const batch: IndexBatch = { changes: 10_000, characters: 1_000_000 }
  let behind = (await listBehind(db)).map(({ channelId }) => channelId)
  while (behind.length > 0) {
    behind = await commits.note("nothing", (tx) => indexChanges(tx, behind, batch))
    await commits.note("nothing", (tx) => mergeIndex(tx, 1000))
  }
}

// These run inside a shared commit.

/**
 * Indexes the next changes of some channels' logs. Returns the channels that may have more. Each log's cursor moves in the
 * same commit, so that no crash makes it skip or repeat a change.
 */
export async function indexChanges(
  tx: Tx,
  channelIds: Iterable<string>,
  batch: IndexBatch,
): Promise<string[]> {
  const { findLog, changes } = statements(tx)
  const { openLog, advanceLog } = writes(tx)
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
    await openLog.run({ channelId })
    const log = await findLog.get({ channelId })
    if (!log) continue

    const next = await changes.all({ channelId, after: log.seq, limit })
    const fitting = next.filter(({ content }) => {
      const isFitting = characters < batch.characters
      characters += content.length
      return isFitting
    })
    for (const change of fitting) batched.push({ log, change })
    const last = fitting.at(-1)
    if (last) await advanceLog.run({ log: log.id, seq: last.seq })
    if (fitting.length === limit || fitting.length < next.length) unfinished.push(channelId)
  }

  // FTS5 writes rows in ascending order of id together, and every other row separately.
  batched.sort((a, b) => a.change.createdAt.getTime() - b.change.createdAt.getTime())
  for (const { log, change } of batched) await indexChange(tx, log, change)
  // Channels that waited come first next time, so that a busy channel does not starve the others.
  return [...waiting, ...unfinished]
}

async function indexChange(tx: Tx, log: Log, change: LogChange): Promise<void> {
  const { insertDocument, deleteDocument, insertWords, deleteWords } = writes(tx)
  const { position, createdAt, deletedAt } = change
  const existing = await statements(tx).findDocument.get({ log: log.id, position })
  if (existing) await deleteWords.run({ id: existing.id })
  if (deletedAt) {
    if (existing) await deleteDocument.run({ id: existing.id })
    return
  }
  const id = existing?.id ?? (await nextId(tx, createdAt.getTime()))
  if (!existing) {
    await insertDocument.run({ id, log: log.id, position })
    await countInSpan(tx, id)
  }
  await insertWords.run(toDocument(id, change, log))
}

/** An unused id for a message sent at `at`, above the ids of all earlier messages. */
async function nextId(db: Db, at: number): Promise<number> {
  const [first, end] = [firstIdAt(at), firstIdAt(at + 1)]
  const last = (await statements(db).lastBefore.get({ id: end }))?.id ?? -1
  return last + 1 < end ? Math.max(first, last + 1) : await nextId(db, at + 1)
}

/** Removes up to `limit` messages of a deleted channel from the index. Returns `false` when there are none. */
export async function removeDeletedChannel(tx: Tx, limit: number): Promise<boolean> {
  const { deletedChannel, listWords } = statements(tx)
  const { deleteWords, deleteDocument, closeLog } = writes(tx)
  const log = await deletedChannel.get()
  if (!log) return false

  const rows = await listWords.all({ match: anyTerm([terms.inChannel(log.channelId)]), limit })
  for (const { id } of rows) {
    await deleteWords.run({ id })
    await deleteDocument.run({ id })
  }
  if (rows.length < limit) await closeLog.run({ log: log.log })
  return true
}

/** Merges segments of the index, about `pages` pages of them. Returns `false` when there was nothing to merge. */
export async function mergeIndex(tx: Tx, pages: number): Promise<boolean> {
  const { changedRows } = statements(tx)
  const before = (await changedRows.get())?.count ?? 0
  await writes(tx).merge.run({ pages })
  // Source: https://www.sqlite.org/fts5.html#the_merge_command
  return ((await changedRows.get())?.count ?? 0) - before >= 2
}
