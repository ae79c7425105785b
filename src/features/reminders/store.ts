import { and, asc, eq, isNull, lte, type SQL, sql } from "drizzle-orm"
import { channels, messages, reminders, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { recordInboxItems } from "../inbox/store.ts"
import { messageColumns } from "../messages/store.ts"
import { shownChannelName, shownServerName } from "../permissions/columns.ts"
import { mayView, readableBy } from "../permissions/scope.ts"
import { recordReminderPush } from "../push/queue.ts"
import type { Reminder } from "./contract.ts"

const userId = sql.placeholder("userId")
const isToCome = isNull(reminders.firedAt)

const statements = prepare((db) => {
  const list = (condition: SQL | undefined) =>
    db
      .select({
        id: reminders.id,
        message: messageColumns,
        serverName: shownServerName,
        channelName: shownChannelName(userId),
        dueAt: reminders.dueAt,
        note: reminders.note,
      })
      .from(reminders)
      .innerJoin(messages, eq(messages.id, reminders.messageId))
      .innerJoin(users, eq(users.id, messages.userId))
      .innerJoin(channels, eq(channels.id, messages.channelId))
      .innerJoin(servers, eq(servers.id, channels.serverId))
      .where(
        and(
          eq(reminders.userId, userId),
          isToCome,
          isNull(messages.deletedAt),
          readableBy(userId),
          condition,
        ),
      )
      .orderBy(asc(reminders.dueAt), asc(reminders.id))
      .prepare()
  return {
    list: list(undefined),
    find: list(eq(reminders.id, sql.placeholder("id"))),
    due: db
      .select({ id: reminders.id })
      .from(reminders)
      .where(and(isToCome, lte(reminders.dueAt, sql.placeholder("now"))))
      .orderBy(asc(reminders.dueAt))
      .limit(sql.placeholder("limit"))
      .prepare(),
    next: db
      .select({ dueAt: reminders.dueAt })
      .from(reminders)
      .where(isToCome)
      .orderBy(asc(reminders.dueAt))
      .limit(1)
      .prepare(),
  }
})

/** A user's reminders that are still to come and whose message they may read, the next one first. */
export async function listReminders(db: Db, userId: string): Promise<Reminder[]> {
  return statements(db).list.all({ userId })
}

export async function findReminder(db: Db, userId: string, id: string): Promise<Reminder | undefined> {
  return statements(db).find.get({ userId, id })
}

/** The ids of reminders that are due at a time, the oldest first. */
export async function listDueReminders(db: Db, now: Date, limit: number): Promise<string[]> {
  return (await statements(db).due.all({ now: now.getTime(), limit })).map(({ id }) => id)
}

export async function findNextReminder(db: Db): Promise<Date | undefined> {
  return (await statements(db).next.get())?.dueAt
}

// These run inside a commit.

export async function countReminders(tx: Tx, userId: string): Promise<number> {
  return tx.$count(reminders, and(eq(reminders.userId, userId), isToCome))
}

export async function insertReminder(tx: Tx, row: typeof reminders.$inferInsert): Promise<void> {
  await tx.insert(reminders).values(row).run()
}

const ownToCome = ({ userId, reminderId }: OwnReminder) =>
  and(eq(reminders.id, reminderId), eq(reminders.userId, userId), isToCome)

interface OwnReminder {
  userId: string
  reminderId: string
}

/** `false` when there is none that is still to come. */
export async function updateReminder(
  tx: Tx,
  own: OwnReminder,
  changed: { dueAt?: Date; note?: string },
): Promise<boolean> {
  const updated = await tx
    .update(reminders)
    // The user does not change: an update needs a column.
    .set({ ...changed, userId: own.userId })
    .where(ownToCome(own))
    .returning({ id: reminders.id })
    .get()
  return updated !== undefined
}

/** `false` when there is none that is still to come. */
export async function deleteReminder(tx: Tx, own: OwnReminder): Promise<boolean> {
  const deleted = await tx.delete(reminders).where(ownToCome(own)).returning({ id: reminders.id }).get()
  return deleted !== undefined
}

/**
 * Reminds somebody: the message comes into their inbox, unless it was deleted or they may not view it any more. Returns
 * whom; `undefined` when it was done before, or the reminder was cancelled or put off.
 */
export async function fireReminder(tx: Tx, id: string, now: Date): Promise<string | undefined> {
  const fired = await tx
    .update(reminders)
    .set({ firedAt: now })
    .where(and(eq(reminders.id, id), isToCome, lte(reminders.dueAt, now)))
    .returning()
    .get()
  if (!fired) return undefined

  const { userId, messageId, note, dueAt } = fired
  const message = await tx
    .select({
      id: messages.id,
      channelId: messages.channelId,
      position: messages.position,
      createdAt: messages.createdAt,
    })
    .from(messages)
    .where(
      and(
        eq(messages.id, messageId),
        isNull(messages.deletedAt),
        mayView(sql`${userId}`, sql`${messages.channelId}`),
      ),
    )
    .get()
  const item = { userId, reason: "reminder" as const, at: dueAt, note: note || undefined }
  if (message) {
    await recordInboxItems(tx, [{ ...item, message }])
    await recordReminderPush(tx, { userId, message, at: dueAt })
  }
  return userId
}
