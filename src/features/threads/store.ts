import { and, eq, isNotNull, sql } from "drizzle-orm"
import { channels, messages } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { jsonInteger, jsonText } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChangeSet } from "../change-set.ts"
import { insertFollow } from "../inbox/follows.ts"
import type { Message } from "../messages/contract.ts"
import { type Change, findMessage, updateExtras } from "../messages/store.ts"
import { levelChoicesOfThread } from "../notification-levels/level-columns.ts"
import { threadUnreadCounts } from "../reading/store.ts"
import { type Thread, type ThreadEntry, threadsPageSize } from "./contract.ts"
import { threadNameOf } from "./names.ts"

const columns = {
  id: channels.id,
  serverId: channels.serverId,
  name: channels.name,
  createdAt: channels.createdAt,
  parentId: messages.id,
  parentChannelId: messages.channelId,
}

const channelId = sql.placeholder("channelId")
const isThread = isNotNull(channels.parentId)
const threadLastAt = (db: Db) => jsonText(db, sql`p.extras`, ["thread", "lastAt"])

const statements = prepare((db) => ({
  ofMessage: db
    .select(columns)
    .from(channels)
    .innerJoin(messages, eq(messages.id, channels.parentId))
    .where(eq(channels.parentId, sql.placeholder("messageId")))
    .prepare(),
  parent: db
    .select({ parentId: channels.parentId })
    .from(channels)
    .where(eq(channels.id, channelId))
    .prepare(),
  parentChannel: db
    .select({ id: messages.channelId })
    .from(channels)
    .innerJoin(messages, eq(messages.id, channels.parentId))
    .where(eq(channels.id, channelId))
    .prepare(),
  /** Where a thread stands: when its newest message was sent, or it was begun. */
  summary: db
    .select({
      parentId: channels.parentId,
      count: channels.messageCount,
      lastAt: sql<number>`coalesce((
        select x.created_at from messages x where x.channel_id = "channels"."id"
        order by x.position desc limit 1), ${channels.createdAt})`,
    })
    .from(channels)
    .where(and(eq(channels.id, channelId), isThread))
    .prepare(),
  // What was not written down when the process ended.
  stale: db
    .select({ id: channels.id })
    .from(channels)
    .innerJoin(messages, eq(messages.id, channels.parentId))
    .where(
      and(
        isThread,
        sql`coalesce(${jsonInteger(db, sql`${messages.extras}`, ["thread", "count"])}, -1) <> ${channels.messageCount}`,
      ),
    )
    .limit(sql.placeholder("limit"))
    .prepare(),
  ofChannel: db
    .select({
      id: sql<string>`c.id`,
      serverId: sql<string>`c.server_id`,
      name: sql<string>`c.name`,
      createdAt: sql<Date>`c.created_at`.mapWith((at: number) => new Date(at)),
      parentId: sql<string>`c.parent_id`,
      parentChannelId: sql<string>`p.channel_id`,
      count: sql<number>`c.message_count`,
      /** As in the message that it hangs on. */
      lastAt: threadLastAt(db),
      unread: sql<number>`${threadUnreadCounts.shown}`,
      mentions: sql<number>`${threadUnreadCounts.mentions}`,
    })
    .from(
      sql`channels c
        join messages p on p.id = c.parent_id
        join servers s on s.id = c.server_id
        left join read_positions r on r.channel_id = c.id and r.user_id = ${sql.placeholder("viewerId")}
        ${levelChoicesOfThread(sql`${sql.placeholder("viewerId")}`)}`,
    )
    .where(
      sql`c.server_id = ${sql.placeholder("serverId")} and c.parent_id is not null and p.channel_id = ${channelId}`,
    )
    .orderBy(sql`${threadLastAt(db)} desc nulls last`, sql`c.id`)
    .limit(threadsPageSize)
    .offset(sql.placeholder("skip"))
    .prepare(),
}))

/** The threads on a channel's messages, by when they were last written in. */
export async function listThreads(
  db: Db,
  asked: { serverId: string; channelId: string; viewerId: string; skip: number },
): Promise<ThreadEntry[]> {
  const rows = await statements(db).ofChannel.all(asked)
  return rows.map((row) => ({ ...row, lastAt: row.lastAt === null ? row.createdAt : new Date(row.lastAt) }))
}

/** The channel of the message that a thread hangs on; `undefined` for what is no thread. */
export async function findParentChannel(db: Db, channelId: string): Promise<string | undefined> {
  return (await statements(db).parentChannel.get({ channelId }))?.id
}

/** The message that a thread hangs on; `null` for what is no thread. */
export async function findParent(db: Db, channelId: string): Promise<string | null> {
  return (await statements(db).parent.get({ channelId }))?.parentId ?? null
}

/** Threads whose messages say something else of them than they are. */
export async function listStale(db: Db, limit: number): Promise<string[]> {
  return (await statements(db).stale.all({ limit })).map(({ id }) => id)
}

// These run inside a shared commit.

/** The ids of the threads on a channel's messages. */
export async function threadsOn(
  db: Db,
  { id, serverId }: { id: string; serverId: string },
): Promise<string[]> {
  const rows = await db
    .select({ id: channels.id })
    .from(channels)
    .innerJoin(messages, eq(messages.id, channels.parentId))
    .where(and(eq(channels.serverId, serverId), isThread, eq(messages.channelId, id)))
    .all()
  return rows.map((row) => row.id)
}

/** The thread on a message, created when there is none. `undefined` when the message was deleted. */
export async function openThread(
  changes: ChangeSet,
  message: Message,
  createdAt: Date,
): Promise<Thread | undefined> {
  const { tx } = changes
  const known = await statements(tx).ofMessage.get({ messageId: message.id })
  if (known) return known

  const now = await findMessage(tx, message.id)
  if (!now || now.deletedAt) return undefined

  const { serverId, id: parentId, channelId: parentChannelId } = now
  const thread = {
    id: crypto.randomUUID(),
    serverId,
    name: threadNameOf(now),
    createdAt,
    parentId,
    parentChannelId,
  }
  await tx
    .insert(channels)
    .values({ ...thread, rootId: parentChannelId })
    .run()
  // It begins with what its author wrote.
  if (!now.extras?.bot) await insertFollow(tx, { userId: now.userId, channelId: thread.id })
  const summary = { channelId: thread.id, count: 0, lastAt: createdAt }
  await updateExtras(changes, parentId, (extras) => ({ ...extras, thread: summary }))
  return thread
}

/** Makes the message that a thread hangs on say how it stands, as a change of its channel where that is news. */
export async function summarize(changes: ChangeSet, channelId: string): Promise<Change | undefined> {
  const summary = await statements(changes.tx).summary.get({ channelId })
  if (!summary?.parentId) return undefined

  const thread = { channelId, count: summary.count, lastAt: new Date(summary.lastAt) }
  return updateExtras(
    changes,
    summary.parentId,
    (extras) => (extras.thread?.count === thread.count ? extras : { ...extras, thread }),
    { deletedToo: true },
  )
}

/** Removes a thread's summary from the message it hung on. */
export async function forgetThread(changes: ChangeSet, parentId: string): Promise<Change | undefined> {
  return updateExtras(
    changes,
    parentId,
    (extras) => (extras.thread ? { ...extras, thread: undefined } : extras),
    { deletedToo: true },
  )
}

/** Gives a thread another name, unless somebody has given it one. */
export async function renameThread(tx: Tx, id: string, from: string, to: string): Promise<void> {
  await tx
    .update(channels)
    .set({ name: to })
    .where(and(eq(channels.id, id), eq(channels.name, from)))
    .run()
}
