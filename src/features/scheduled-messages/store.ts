import { and, asc, eq, isNull, lte, type SQL, sql } from "drizzle-orm"
import { channels, messages, scheduledMessages, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { toAttachment } from "../files/store.ts"
import { conversationName, isConversation } from "../permissions/columns.ts"
import type { ScheduledMessage } from "./contract.ts"
import { deleteScheduledFiles, filesOfScheduled, listScheduledFiles, releaseScheduledFiles } from "./files.ts"

const id = sql.placeholder("id")
const userId = sql.placeholder("userId")
const isUnsent = isNull(scheduledMessages.sentAt)
const isWaiting = and(isUnsent, isNull(scheduledMessages.failure))

/** A message that waits, with what sending it takes. */
export type DueMessage = NonNullable<Awaited<ReturnType<typeof findScheduledRow>>>

const statements = prepare((db) => {
  const list = (condition: SQL | undefined) =>
    db
      .select({
        id: scheduledMessages.id,
        serverId: sql<string>`coalesce(${channels.serverId}, '')`,
        channelId: scheduledMessages.channelId,
        serverName: sql<string>`case when ${servers.id} is null or ${isConversation} then '' else ${servers.name} end`,
        channelName: sql<string>`case when ${channels.id} is null then 'a channel that was deleted'
          when ${isConversation} and ${channels.parentId} is null then ${conversationName(userId)}
          else ${channels.name} end`,
        content: scheduledMessages.content,
        replyTo: scheduledMessages.quotedId,
        dueAt: scheduledMessages.dueAt,
        failure: scheduledMessages.failure,
      })
      .from(scheduledMessages)
      .leftJoin(channels, eq(channels.id, scheduledMessages.channelId))
      .leftJoin(servers, eq(servers.id, channels.serverId))
      .where(and(eq(scheduledMessages.userId, userId), isUnsent, condition))
      .orderBy(asc(scheduledMessages.dueAt), asc(scheduledMessages.id))
      .prepare()
  return {
    list: list(undefined),
    find: list(eq(scheduledMessages.id, id)),
    row: db
      .select({
        scheduled: scheduledMessages,
        serverId: channels.serverId,
        pair: servers.pair,
        author: {
          username: users.username,
          suspendedAt: users.suspendedAt,
          suspendedUntil: users.suspendedUntil,
          suspensionReason: users.suspensionReason,
          waitingSince: users.waitingSince,
        },
      })
      .from(scheduledMessages)
      .innerJoin(users, eq(users.id, scheduledMessages.userId))
      .leftJoin(channels, eq(channels.id, scheduledMessages.channelId))
      .leftJoin(servers, eq(servers.id, channels.serverId))
      .where(eq(scheduledMessages.id, id))
      .prepare(),
    due: db
      .select({ id: scheduledMessages.id })
      .from(scheduledMessages)
      .where(and(isWaiting, lte(scheduledMessages.dueAt, sql.placeholder("now"))))
      .orderBy(asc(scheduledMessages.dueAt), asc(scheduledMessages.createdAt))
      .limit(sql.placeholder("limit"))
      .prepare(),
    next: db
      .select({ dueAt: scheduledMessages.dueAt })
      .from(scheduledMessages)
      .where(isWaiting)
      .orderBy(asc(scheduledMessages.dueAt))
      .limit(1)
      .prepare(),
  }
})

/** A user's messages that wait or could not be sent, the next one first. */
export async function listScheduled(db: Db, userId: string): Promise<ScheduledMessage[]> {
  const rows = await statements(db).list.all({ userId })
  const files = rows.length > 0 ? await filesOfScheduled(db, userId) : new Map()
  return rows.map((row) => ({ ...row, files: files.get(row.id) ?? [] }))
}

export async function findScheduled(
  db: Db,
  userId: string,
  id: string,
): Promise<ScheduledMessage | undefined> {
  const row = await statements(db).find.get({ userId, id })
  return row && { ...row, files: (await listScheduledFiles(db, id)).map(toAttachment) }
}

/** A scheduled message, sent or not, with its place, author and files; `serverId` is `null` when the channel is gone. */
export async function findScheduledRow(db: Db, id: string) {
  const row = await statements(db).row.get({ id })
  return row && { ...row, fileIds: (await listScheduledFiles(db, id)).map((file) => file.id) }
}

/** The ids of the messages that are due at a time, the oldest first. */
export async function listDueScheduled(db: Db, now: Date, limit: number): Promise<string[]> {
  return (await statements(db).due.all({ now: now.getTime(), limit })).map(({ id }) => id)
}

export async function findNextScheduled(db: Db): Promise<Date | undefined> {
  return (await statements(db).next.get())?.dueAt
}

// These run inside a commit.

export async function countUnsent(tx: Tx, userId: string): Promise<number> {
  return tx.$count(scheduledMessages, and(eq(scheduledMessages.userId, userId), isUnsent))
}

/** `false` when a message or a scheduled one has the id. */
export async function insertScheduled(tx: Tx, row: typeof scheduledMessages.$inferInsert): Promise<boolean> {
  const taken = await tx.select({ id: messages.id }).from(messages).where(eq(messages.id, row.id)).get()
  if (taken) return false

  const inserted = await tx
    .insert(scheduledMessages)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: scheduledMessages.id })
    .get()
  return inserted !== undefined
}

interface OwnScheduled {
  userId: string
  scheduledId: string
}

const ownUnsent = ({ userId, scheduledId }: OwnScheduled) =>
  and(eq(scheduledMessages.id, scheduledId), eq(scheduledMessages.userId, userId), isUnsent)

/** Changes a message that was not sent, which then waits. Returns its new row; `undefined` when there is none. */
export async function updateScheduled(
  tx: Tx,
  own: OwnScheduled,
  { now, ...changed }: { content?: string; dueAt?: Date; now: Date },
) {
  const { updatedAt: before } = scheduledMessages
  // Always a new time: it is the version by which sending notices the change.
  const updatedAt = sql`case when ${before} < ${now.getTime()} then ${now.getTime()} else ${before} + 1 end`
  return tx
    .update(scheduledMessages)
    .set({ ...changed, updatedAt, failure: null })
    .where(ownUnsent(own))
    .returning()
    .get()
}

/** Returns the storage keys of its files, which are deleted too; `undefined` when there is none that was not sent. */
export async function deleteScheduled(tx: Tx, own: OwnScheduled): Promise<string[] | undefined> {
  const unsent = await tx
    .select({ id: scheduledMessages.id })
    .from(scheduledMessages)
    .where(ownUnsent(own))
    .get()
  // The files first: that they belong to it is deleted with it.
  const keys = unsent ? await deleteScheduledFiles(tx, unsent.id) : []
  const deleted = await tx
    .delete(scheduledMessages)
    .where(ownUnsent(own))
    .returning({ id: scheduledMessages.id })
    .get()
  return deleted && keys
}

type Version = Pick<typeof scheduledMessages.$inferSelect, "id" | "updatedAt">

/** Neither sent, changed nor cancelled since it was read. */
const unchanged = ({ id, updatedAt }: Version) =>
  and(eq(scheduledMessages.id, id), eq(scheduledMessages.updatedAt, updatedAt), isUnsent)

/**
 * Marks a message as sent, in the commit that stores it, which its files are free for. `false` when it was sent, changed or
 * cancelled meanwhile.
 */
export async function claimScheduled(tx: Tx, version: Version, sentAt: Date): Promise<boolean> {
  const claimed = await tx
    .update(scheduledMessages)
    .set({ sentAt, failure: null })
    .where(unchanged(version))
    .returning({ id: scheduledMessages.id })
    .get()
  if (!claimed) return false

  await releaseScheduledFiles(tx, version.id)
  return true
}

/** Keeps why a message was not sent, or puts it off. */
export async function updateUnsent(
  tx: Tx,
  version: Version,
  changed: { failure: string } | { dueAt: Date },
): Promise<void> {
  await tx.update(scheduledMessages).set(changed).where(unchanged(version)).run()
}
