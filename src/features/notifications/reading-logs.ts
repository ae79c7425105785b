import { and, asc, eq, gt, isNull, or, sql } from "drizzle-orm"
import {
  channels,
  keywords,
  messages,
  messageVersions,
  notifiedLogs,
  servers,
} from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import type { NotifiedPlace } from "../notification-levels/levels.ts"

/** The row of `notified_logs` for all logs: logs from before notifications began have their cursors since then. */
const begun = "*"

const channelId = sql.placeholder("channelId")
const after = sql.placeholder("after")
const roots = sql`channels as root`

const statements = prepare((db) => ({
  hasBegun: db
    .select({ seq: notifiedLogs.seq })
    .from(notifiedLogs)
    .where(eq(notifiedLogs.channelId, begun))
    .prepare(),
  behind: db
    .select({ channelId: channels.id })
    .from(channels)
    .leftJoin(notifiedLogs, eq(notifiedLogs.channelId, channels.id))
    .where(gt(channels.seq, sql`coalesce(${notifiedLogs.seq}, 0)`))
    .prepare(),
  log: db
    .select({
      channelId: channels.id,
      head: channels.seq,
      cursor: sql<number>`coalesce(${notifiedLogs.seq}, 0)`,
      serverId: channels.serverId,
      rootId: channels.rootId,
      categoryId: sql<string | null>`coalesce(${channels.categoryId}, (
        select root.category_id from ${roots} where root.id = ${channels.rootId}))`,
      isConversation: sql<boolean>`case when ${servers.kind} = 'direct' then 1 else 0 end`.mapWith(Boolean),
      hasKeywords: sql<boolean>`case when exists (select 1 from ${keywords}) then 1 else 0 end`.mapWith(
        Boolean,
      ),
    })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .leftJoin(notifiedLogs, eq(notifiedLogs.channelId, channels.id))
    .where(eq(channels.id, channelId))
    .prepare(),
}))

const changesOf = prepare((db) => ({
  changes: db
    .select({
      id: messages.id,
      channelId: messages.channelId,
      position: messages.position,
      seq: messages.seq,
      userId: messages.userId,
      content: messages.content,
      extras: messages.extras,
      createdAt: messages.createdAt,
      editedAt: messages.editedAt,
    })
    .from(messages)
    .where(
      and(
        eq(messages.channelId, channelId),
        gt(messages.seq, after),
        isNull(messages.deletedAt),
        // Messages without mentions and quotes concern only users with the level "everything" or with keywords.
        or(sql`${messages.extras} is not null`, sql`${sql.placeholder("withPlain")} = 1`),
      ),
    )
    .orderBy(asc(messages.seq))
    .limit(sql.placeholder("limit"))
    .prepare(),
  textBefore: db
    .select({ content: messageVersions.content })
    .from(messageVersions)
    .where(eq(messageVersions.messageId, sql.placeholder("messageId")))
    .orderBy(
      // The newest of those that were looked at, else the oldest.
      sql`case when ${messageVersions.seq} <= ${after} then 0 else 1 end`,
      sql`case when ${messageVersions.seq} <= ${after} then -${messageVersions.seq} else ${messageVersions.seq} end`,
    )
    .limit(1)
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  open: tx.insert(notifiedLogs).values({ channelId, seq: 0 }).onConflictDoNothing().prepare(),
  advance: tx
    .update(notifiedLogs)
    .set({ seq: sql`${sql.placeholder("seq")}` })
    .where(and(eq(notifiedLogs.channelId, channelId), eq(notifiedLogs.seq, after)))
    .returning({ seq: notifiedLogs.seq })
    .prepare(),
}))

/** A log with its cursor, and where it is. */
export interface NotifiedLog extends NotifiedPlace {
  head: number
  cursor: number
  /** There are keywords. */
  hasKeywords: boolean
}

/** The ids of the channels whose logs go on behind their cursors. */
export async function listUnnotified(db: Db): Promise<string[]> {
  return (await statements(db).behind.all()).map(({ channelId }) => channelId)
}

export async function hasBegun(db: Db): Promise<boolean> {
  return (await statements(db).hasBegun.get()) !== undefined
}

/** `undefined` when the channel was deleted. */
export async function findLog(db: Db, channelId: string): Promise<NotifiedLog | undefined> {
  return statements(db).log.get({ channelId })
}

interface Asked {
  after: number
  /** Also of messages without mentions and quotes. */
  withPlain: boolean
  limit: number
}

/** The next changes of a log, oldest first, without deleted messages. */
export async function listLogChanges(db: Db, channelId: string, { after, withPlain, limit }: Asked) {
  return changesOf(db).changes.all({ channelId, after, limit, withPlain: withPlain ? 1 : 0 })
}

export type LogChange = Awaited<ReturnType<typeof listLogChanges>>[number]

/** The text of an edited message when the log was last read; `undefined` if unknown. */
export async function findTextBefore(db: Db, messageId: string, after: number): Promise<string | undefined> {
  return (await changesOf(db).textBefore.get({ messageId, after }))?.content
}

// These run inside a shared commit.

/** Messages from before the first start have no notifications. */
export async function beginAtHeads(tx: Tx): Promise<void> {
  if (await hasBegun(tx)) return

  await tx.run(sql`insert into notified_logs (channel_id, seq) select id, seq from channels where true
    on conflict (channel_id) do nothing`)
  await writes(tx).open.run({ channelId: begun })
}

/** Moves a cursor from where it was found; `false` when somebody else has moved it. */
export async function advanceCursor(tx: Tx, channelId: string, from: number, to: number): Promise<boolean> {
  const { open, advance } = writes(tx)
  if (from === 0) await open.run({ channelId })
  return (await advance.get({ channelId, after: from, seq: to })) !== undefined
}
