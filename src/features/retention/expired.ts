import { and, asc, count, eq, gte, inArray, isNotNull, isNull, lt, notInArray, sql } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import { channels, files, messages, pins } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { logWindows } from "../messages/log-windows.ts"

const dayMs = 86_400_000

const channelId = sql.placeholder("channelId")
const low = sql.placeholder("low")
const cutoff = sql.placeholder("cutoff")

const statements = prepare((db) => {
  const pinned = db.select({ id: pins.messageId }).from(pins).where(eq(pins.channelId, channelId))
  const notPinned = (id: SQLiteColumn) => notInArray(id, pinned)
  // Messages have no index by time, which would make every insert slower, but a log is in the order of time: this reads
  // the beginning of a log, a part at a time, by the index of positions.
  const expired = and(
    eq(messages.channelId, channelId),
    gte(messages.position, low),
    lt(messages.position, sql.placeholder("high")),
    lt(messages.createdAt, cutoff),
    isNull(messages.deletedAt),
    notPinned(messages.id),
  )
  const expiredFiles = and(
    eq(files.channelId, channelId),
    lt(files.createdAt, cutoff),
    isNotNull(files.messageId),
    notPinned(files.messageId),
  )
  return {
    ids: db
      .select({ id: messages.id })
      .from(messages)
      .where(expired)
      .orderBy(asc(messages.position))
      .prepare(),
    counted: db.select({ count: count() }).from(messages).where(expired).prepare(),
    fileMessages: db
      .selectDistinct({ messageId: files.messageId })
      .from(files)
      .where(expiredFiles)
      .limit(sql.placeholder("limit"))
      .prepare(),
    countedFiles: db.select({ count: count() }).from(files).where(expiredFiles).prepare(),
  }
})

/** The time before which what is that many days old was created; `undefined` for what is kept for ever. */
export function cutoffOf(days: number | null, now: Date): Date | undefined {
  return days ? new Date(now.getTime() - days * dayMs) : undefined
}

/**
 * The ids of a channel's messages from before a time that are neither deleted nor pinned, oldest first, some at a time.
 * Lets others work in between.
 */
export async function* listExpiredMessages(
  db: Db,
  channelId: string,
  cutoff: Date,
): AsyncGenerator<string[]> {
  for await (const window of windows(db, channelId, cutoff)) {
    const rows = await statements(db).ids.all(window)
    if (rows.length > 0) yield rows.map(({ id }) => id)
  }
}

/** How many of a channel's messages from before a time are neither deleted nor pinned; stops counting at `max`. */
export async function countExpired(
  db: Db,
  { channelId, cutoff, max }: { channelId: string; cutoff: Date; max: number },
): Promise<number> {
  let sum = 0
  for await (const window of windows(db, channelId, cutoff)) {
    sum += (await statements(db).counted.get(window))?.count ?? 0
    if (sum >= max) break
  }
  return sum
}

/** Parts of a log, as far as it is from before a time. */
async function* windows(db: Db, channelId: string, cutoff: Date) {
  for await (const { low, high, firstAt } of logWindows(db, channelId)) {
    if (firstAt >= cutoff) return
    yield { channelId, low, high, cutoff: cutoff.getTime() }
  }
}

/** Some messages of a channel with files from before a time; none that is pinned. */
export async function listWithExpiredFiles(
  db: Db,
  { channelId, cutoff, limit }: { channelId: string; cutoff: Date; limit: number },
): Promise<string[]> {
  const rows = await statements(db).fileMessages.all({ channelId, cutoff: cutoff.getTime(), limit })
  return rows.flatMap(({ messageId }) => messageId ?? [])
}

/** How many files of a channel are from before a time, without those of pinned messages. */
export async function countExpiredFiles(db: Db, channelId: string, cutoff: Date): Promise<number> {
  return (await statements(db).countedFiles.get({ channelId, cutoff: cutoff.getTime() }))?.count ?? 0
}

/** Those among some messages of a channel that are from before a time, and neither deleted nor pinned. */
export async function filterExpired(db: Db, ids: string[], cutoff: Date): Promise<string[]> {
  const pinned = db.select({ id: pins.messageId }).from(pins).where(inArray(pins.messageId, ids))
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .where(
      and(
        inArray(messages.id, ids),
        lt(messages.createdAt, cutoff),
        isNull(messages.deletedAt),
        notInArray(messages.id, pinned),
      ),
    )
    .orderBy(asc(messages.position))
    .all()
  return rows.map(({ id }) => id)
}
