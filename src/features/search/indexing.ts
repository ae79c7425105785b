import { and, asc, eq, gt, isNull, lt, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import { channels, messages, searchDocuments, searchLogs } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { documentOf, facts } from "./document.ts"
import { firstIdAt, known, searchIndex } from "./index-table.ts"
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
  gone: db
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

/** How much is done in one go: the whole process waits meanwhile. */
export interface Portion {
  changes: number
  characters: number
}

/** The channels whose logs have changes that are not in the index, and how many. */
export function listBehind(db: Db) {
  return statements(db).behind.all()
}

/** Is there anything in the index that was said in a channel that is gone? */
export function isAnyGone(db: Db): boolean {
  return statements(db).gone.get() !== undefined
}

/** Brings everything into the index, for a program that nobody waits for. */
export function indexEverything(db: Db): void {
  const bulk: Portion = { changes: 10_000, characters: 1_000_000 }
  let behind = listBehind(db).map(({ channelId }) => channelId)
  while (behind.length > 0) {
    behind = db.transaction(() => indexChanges(db, behind, bulk))
    tidyIndex(db, 1000)
  }
}

// These run inside a shared commit.

/**
 * Brings the next changes of some logs into the index, and returns the channels of those that may have more. How far each
 * is in the index is part of the same commit, so that nothing is left out or done twice however it ends.
 */
export function indexChanges(db: Db, channelIds: Iterable<string>, portion: Portion): string[] {
  const { openLog, findLog, changes, advanceLog } = statements(db)
  const taken: { log: Log; change: LogChange }[] = []
  const waiting: string[] = []
  const unfinished: string[] = []
  let characters = 0
  for (const channelId of channelIds) {
    const room = portion.changes - taken.length
    if (room <= 0 || characters >= portion.characters) {
      waiting.push(channelId)
      continue
    }
    openLog.run({ channelId })
    const log = findLog.get({ channelId })
    if (!log) continue

    const next = changes.all({ channelId, after: log.seq, limit: room })
    const fitting = next.filter(({ content }) => {
      const isFitting = characters < portion.characters
      characters += content.length
      return isFitting
    })
    for (const change of fitting) taken.push({ log, change })
    const last = fitting.at(-1)
    if (last) advanceLog.run({ log: log.id, seq: last.seq })
    if (fitting.length === room || fitting.length < next.length) unfinished.push(channelId)
  }

  // The index writes what comes in the order of its numbers together, and everything else by itself.
  taken.sort((a, b) => a.change.createdAt.getTime() - b.change.createdAt.getTime())
  for (const { log, change } of taken) indexChange(db, log, change)
  // Those with much to do take turns.
  return [...waiting, ...unfinished]
}

function indexChange(db: Db, log: Log, change: LogChange): void {
  const { findDocument, insertDocument, deleteDocument, insertWords, deleteWords } = statements(db)
  const { position, createdAt, deletedAt } = change
  const known = findDocument.get({ log: log.id, position })
  if (known) deleteWords.run({ id: known.id })
  if (deletedAt) {
    if (known) deleteDocument.run({ id: known.id })
    return
  }
  const id = known?.id ?? nextId(db, createdAt.getTime())
  if (!known) {
    insertDocument.run({ id, log: log.id, position })
    countInSpan(db, id)
  }
  insertWords.run(documentOf(id, change, log))
}

/** The next number for something written at a time, behind all that was written until then. */
function nextId(db: Db, at: number): number {
  const [first, end] = [firstIdAt(at), firstIdAt(at + 1)]
  const last = statements(db).lastBefore.get({ id: end })?.id ?? -1
  return last + 1 < end ? Math.max(first, last + 1) : nextId(db, at + 1)
}

/** Takes some of what was said in a channel that is gone out of the index; `false` when there is none left. */
export function forgetGone(db: Db, limit: number): boolean {
  const { gone, listWords, deleteWords, deleteDocument, closeLog } = statements(db)
  const log = gone.get()
  if (!log) return false

  const found = listWords.all({ match: known([facts.inChannel(log.channelId)]), limit })
  for (const { id } of found) {
    deleteWords.run({ id })
    deleteDocument.run({ id })
  }
  if (found.length < limit) closeLog.run({ log: log.log })
  return true
}

/** Tidies the index by rewriting about so many of its pages; `false` when there was nothing to tidy. */
export function tidyIndex(db: Db, pages: number): boolean {
  const { merge, changedRows } = statements(db)
  const before = changedRows.get()?.count ?? 0
  merge.run({ pages })
  // Source: https://www.sqlite.org/fts5.html#the_merge_command
  return (changedRows.get()?.count ?? 0) - before >= 2
}
