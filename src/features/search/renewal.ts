import { and, asc, eq, gt, lt, lte, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import { channels, messages, searchLogs } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { changeColumns, fittingIn, type IndexBatch, type IndexWriter, indexBatched } from "./indexing.ts"
import { wordsVersion } from "./words.ts"

// When the rules change by which texts become words (`wordsVersion`), all messages are indexed again, log by log, while
// searches find them by their former words.

const log = sql.placeholder("log")
const parents = alias(messages, "parents")

const statements = prepare((db) => ({
  outdated: db
    .select({
      id: searchLogs.id,
      seq: searchLogs.seq,
      nextVersion: searchLogs.nextVersion,
      renewedSeq: searchLogs.renewedSeq,
      channelId: channels.id,
      serverId: channels.serverId,
      parentId: parents.channelId,
    })
    .from(searchLogs)
    .innerJoin(channels, eq(channels.id, searchLogs.channelId))
    .leftJoin(parents, eq(parents.id, channels.parentId))
    .where(lt(searchLogs.wordsVersion, wordsVersion))
    .orderBy(asc(searchLogs.id))
    .limit(1)
    .prepare(),
  indexed: db
    .select(changeColumns)
    .from(messages)
    .where(
      and(
        eq(messages.channelId, sql.placeholder("channelId")),
        gt(messages.seq, sql.placeholder("after")),
        lte(messages.seq, sql.placeholder("last")),
      ),
    )
    .orderBy(asc(messages.seq))
    .limit(sql.placeholder("limit"))
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  continue: tx
    .update(searchLogs)
    .set({ nextVersion: wordsVersion, renewedSeq: sql`${sql.placeholder("seq")}` })
    .where(eq(searchLogs.id, log))
    .prepare(),
  finish: tx
    .update(searchLogs)
    .set({ wordsVersion, nextVersion: 0, renewedSeq: 0 })
    .where(eq(searchLogs.id, log))
    .prepare(),
}))

/** Were messages indexed by other rules than those of now? */
export async function hasOutdatedWords(db: Db): Promise<boolean> {
  return (await statements(db).outdated.get()) !== undefined
}

/**
 * Indexes some messages again, inside a shared commit, and moves the cursor of their log in it. Returns `false` when all
 * are indexed by the rules of now.
 */
export async function renewWords(writer: IndexWriter, batch: IndexBatch): Promise<boolean> {
  const { tx } = writer
  const outdated = await statements(tx).outdated.get()
  if (!outdated) return false

  const { id, seq, channelId, nextVersion, renewedSeq } = outdated
  const after = nextVersion === wordsVersion ? renewedSeq : 0
  const next = await statements(tx).indexed.all({ channelId, after, last: seq, limit: batch.changes })
  const fitting = fittingIn(next, batch.characters)
  await indexBatched(
    writer,
    fitting.map((change) => ({ log: outdated, change })),
  )
  const last = fitting.at(-1)
  if (last && last.seq < seq) await writes(tx).continue.run({ log: id, seq: last.seq })
  else await writes(tx).finish.run({ log: id })
  return true
}
