import { and, asc, eq, gt, isNull, lt, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import { channels, messages, searchDocuments, searchLogs } from "../../../drizzle/schema.ts"
import type { Database, Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { toDocument } from "./document.ts"
import { firstIdAt } from "./document-ids.ts"
import { countInSpans } from "./spans.ts"
import { loadStems, type Stems } from "./stems.ts"
import { terms } from "./terms.ts"
import type { WordIndex } from "./word-index.ts"
import { wordsVersion } from "./words.ts"

const channelId = sql.placeholder("channelId")
const log = sql.placeholder("log")
const position = sql.placeholder("position")
const id = sql.placeholder("id")
const limit = sql.placeholder("limit")
const parents = alias(messages, "parents")

/** The indexed fields of a message. */
export const changeColumns = {
  position: messages.position,
  seq: messages.seq,
  userId: messages.userId,
  content: messages.content,
  extras: messages.extras,
  createdAt: messages.createdAt,
  deletedAt: messages.deletedAt,
}

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
    .select(changeColumns)
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
}))

const writes = prepareWrites((tx) => ({
  openLog: tx
    .insert(searchLogs)
    .values({ id: sql`(select coalesce(max(id), 0) + 1 from search_logs)`, channelId, seq: 0, wordsVersion })
    .onConflictDoNothing()
    .prepare(),
  advanceLog: tx
    .update(searchLogs)
    .set({ seq: sql`${sql.placeholder("seq")}` })
    .where(eq(searchLogs.id, log))
    .prepare(),
  closeLog: tx.delete(searchLogs).where(eq(searchLogs.id, log)).prepare(),
  insertDocument: tx.insert(searchDocuments).values({ id, log, position }).prepare(),
  deleteDocument: tx.delete(searchDocuments).where(eq(searchDocuments.id, id)).prepare(),
}))

type Log = NonNullable<Awaited<ReturnType<ReturnType<typeof statements>["findLog"]["get"]>>>
type LogChange = Awaited<ReturnType<ReturnType<typeof statements>["changes"]["all"]>>[number]

type IndexedDatabase = Pick<Database, "db" | "commits"> & { words: WordIndex }

/** Where a commit writes to the index. */
export interface IndexWriter {
  tx: Tx
  words: WordIndex
  stems: Stems
}

/** A change to index, and the log that it is from. */
interface Batched {
  log: Pick<Log, "id" | "channelId" | "serverId" | "parentId">
  change: LogChange
}

/** Statements that wait for the database together, at most. */
const maxTogether = 128

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
export async function indexAll({ db, commits, words }: IndexedDatabase): Promise<void> {
  const batch: IndexBatch = { changes: 10_000, characters: 1_000_000 }
  const stems = await loadStems()
  let behind = (await listBehind(db)).map(({ channelId }) => channelId)
  while (behind.length > 0) {
    behind = await commits.note("nothing", (tx) => indexChanges({ tx, words, stems }, behind, batch))
    await commits.note("nothing", (tx) => words.merge(tx, 1000))
  }
}

// These run inside a shared commit.

/**
 * Indexes the next changes of some channels' logs. Returns the channels that may have more. Each log's cursor moves in the
 * same commit, so that no crash makes it skip or repeat a change.
 */
export async function indexChanges(
  writer: IndexWriter,
  channelIds: Iterable<string>,
  batch: IndexBatch,
): Promise<string[]> {
  const { tx } = writer
  const { findLog, changes } = statements(tx)
  const { openLog, advanceLog } = writes(tx)
  const batched: Batched[] = []
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
    const fitting = fittingIn(next, batch.characters - characters)
    characters += fitting.reduce((sum, { content }) => sum + content.length, 0)
    for (const change of fitting) batched.push({ log, change })
    const last = fitting.at(-1)
    if (last) await advanceLog.run({ log: log.id, seq: last.seq })
    if (fitting.length === limit || fitting.length < next.length) unfinished.push(channelId)
  }

  await indexBatched(writer, batched)
  // Channels that waited come first next time, so that a busy channel does not starve the others.
  return [...waiting, ...unfinished]
}

/** A batch of changes of about this many characters; at least one, unless none is left. */
export function fittingIn<T extends { content: string }>(changes: T[], characters: number): T[] {
  let left = characters
  return changes.filter(({ content }) => {
    const isFitting = left > 0
    left -= content.length
    return isFitting
  })
}

/** Indexes changes, in place of what was indexed of their messages before. */
export async function indexBatched(writer: IndexWriter, batched: Batched[]): Promise<void> {
  // SQLite's index writes rows in ascending order of id together, and every other row separately.
  const inOrder = batched.toSorted((a, b) => a.change.createdAt.getTime() - b.change.createdAt.getTime())
  for (let i = 0; i < inOrder.length; i += maxTogether) {
    await indexTogether(writer, inOrder.slice(i, i + maxTogether))
  }
}

/**
 * Indexes changes in the order of their time. Their statements are not awaited one by one, since each answer of a
 * database on another machine takes as long as many statements.
 */
async function indexTogether({ tx, words, stems }: IndexWriter, batched: Batched[]): Promise<void> {
  const { findDocument } = statements(tx)
  const { insertDocument, deleteDocument } = writes(tx)
  const known = await Promise.all(
    batched.map(({ log, change }) => findDocument.get({ log: log.id, position: change.position })),
  )
  const edited = batched.map((one, i) => ({ ...one, id: known[i]?.id }))
  const former = edited.flatMap(({ id }) => id ?? [])
  await Promise.all(former.map((id) => words.delete(tx, id)))

  const isNew = ({ id, change }: (typeof edited)[number]) => id === undefined && !change.deletedAt
  const ids = await nextIds(
    tx,
    edited.filter(isNew).map(({ change }) => change.createdAt.getTime()),
  )
  await countInSpans(tx, ids)
  const added = ids.values()
  await Promise.all(
    edited.map(async ({ log, change, ...one }) => {
      if (change.deletedAt) {
        if (one.id !== undefined) await deleteDocument.run({ id: one.id })
        return
      }
      const id = one.id ?? added.next().value ?? 0
      const document = words.insert(tx, toDocument(id, change, log, stems))
      const isNew = one.id === undefined
      // Awaited together: when both fail, a promise that is awaited second would end the process.
      await Promise.all([
        document,
        isNew && insertDocument.run({ id, log: log.id, position: change.position }),
      ])
    }),
  )
}

/** Unused ids for new messages sent at these times, which ascend; each above the ids of all earlier messages. */
async function nextIds(db: Db, times: number[]): Promise<number[]> {
  const lastUntil = async (at: number) => {
    const row = await statements(db).lastBefore.get({ id: firstIdAt(at + 1) })
    return row?.id ?? -1
  }
  const distinct = [...new Set(times)]
  const lasts = new Map(await Promise.all(distinct.map(async (at) => [at, await lastUntil(at)] as const)))

  const ids: number[] = []
  for (const at of times) {
    let [free, ms] = [Math.max(firstIdAt(at), (lasts.get(at) ?? -1) + 1, (ids.at(-1) ?? -1) + 1), at]
    // All ids of that millisecond are used.
    while (free >= firstIdAt(ms + 1)) {
      ms++
      free = Math.max(free, (await lastUntil(ms)) + 1)
    }
    ids.push(free)
  }
  return ids
}

/** Removes up to `limit` messages of a deleted channel from the index. Returns `false` when there are none. */
export async function removeDeletedChannel(
  { tx, words }: Pick<IndexWriter, "tx" | "words">,
  limit: number,
): Promise<boolean> {
  const { deleteDocument, closeLog } = writes(tx)
  const log = await statements(tx).deletedChannel.get()
  if (!log) return false

  const ids = await words.listIds(tx, terms.inChannel(log.channelId), limit)
  await Promise.all(ids.map((id) => Promise.all([words.delete(tx, id), deleteDocument.run({ id })])))
  if (ids.length < limit) await closeLog.run({ log: log.log })
  return true
}
