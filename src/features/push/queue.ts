import { eq, lt, sql } from "drizzle-orm"
import { pushDeliveries, pushSubscriptions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { elementsOf, jsonInteger, jsonText, textsIn } from "../../db/dialect.ts"

/** Delay before devices are notified of a message, in milliseconds: it may be read on a page first. */
export const pushDelayMs = 10_000

/** As much of the notifier's notices as matters here. */
interface QueuedNotice {
  userId: string
  reason: string
  message: { id: string; channelId: string; position: number; createdAt: Date }
  /** Whether it may show up on devices now. */
  isPushed: boolean
}

/**
 * Queues a notification for each device of the recipients, once for each message. Runs in the commit that decides the
 * recipients. A message that is read within ten seconds is not sent.
 */
export async function recordPushes(tx: Tx, notices: readonly QueuedNotice[]): Promise<void> {
  const pushed = notices.filter(({ isPushed }) => isPushed)
  if (pushed.length === 0) return

  const rows = pushed.map(({ userId, reason, message: { id, channelId, position, createdAt } }) => {
    const at = createdAt.getTime()
    return { userId, reason, messageId: id, channelId, position, createdAt: at, dueAt: at + pushDelayMs }
  })
  const element = sql`elements.value`
  const textOf = (name: string) => jsonText(tx, element, [name])
  const integerOf = (name: string) => jsonInteger(tx, element, [name])
  await tx.run(sql`
    insert into push_deliveries
      (subscription_id, message_id, channel_id, position, reason, due_at, failures, created_at)
    select s.id, ${textOf("messageId")}, ${textOf("channelId")}, ${integerOf("position")}, ${textOf("reason")},
      ${integerOf("dueAt")}, 0, ${integerOf("createdAt")}
    from ${elementsOf(tx, JSON.stringify(rows))} join push_subscriptions s on s.user_id = ${textOf("userId")}
    where true
    on conflict (subscription_id, message_id) do nothing`)
}

interface DueReminder {
  userId: string
  message: { id: string; channelId: string; position: number }
  /** When it fell due. */
  at: Date
}

/** Queues a reminder for each device of somebody, also when the message was read, or a notice of it was sent before. */
export async function recordReminderPush(tx: Tx, { userId, message, at }: DueReminder): Promise<void> {
  const time = sql`cast(${at.getTime()} as bigint)`
  await tx.run(sql`
    insert into push_deliveries
      (subscription_id, message_id, channel_id, position, reason, due_at, failures, created_at)
    select s.id, cast(${message.id} as text), cast(${message.channelId} as text),
      cast(${message.position} as bigint), 'reminder', ${time}, 0, ${time}
    from push_subscriptions s where s.user_id = ${userId}
    on conflict (subscription_id, message_id) do update
      set reason = 'reminder', due_at = excluded.due_at, sent_at = null, failures = 0, created_at = excluded.created_at`)
}

/** For conditions on deliveries: their person has read the message; of a reminder, they have done with it. */
export const isRead = sql`case when ${pushDeliveries.reason} = 'reminder' then exists (
  select 1 from push_subscriptions s join inbox_items i on i.user_id = s.user_id
  where s.id = ${pushDeliveries.subscriptionId} and i.message_id = ${pushDeliveries.messageId}
    and i.reason = 'reminder' and i.done_at is not null)
else exists (
  select 1 from push_subscriptions s join read_positions r on r.user_id = s.user_id
  where s.id = ${pushDeliveries.subscriptionId} and r.channel_id = ${pushDeliveries.channelId}
    and r.position >= ${pushDeliveries.position}) end`

/** The people some of whose devices show something. */
export async function listPeopleWithNotices(db: Db): Promise<string[]> {
  const rows = await db.all<{ userId: string }>(sql`
    select distinct s.user_id as "userId" from push_subscriptions s
    where exists (select 1 from push_deliveries d where d.subscription_id = s.id and d.sent_at is not null)`)
  return rows.map(({ userId }) => userId)
}

const shownTo = (
  userId: string,
) => sql`${pushDeliveries.sentAt} is not null and ${pushDeliveries.subscriptionId} in (
  select id from push_subscriptions where user_id = ${userId})`

/** Does a device of this person show something, and does it show what they have read? */
export async function findShown(db: Db, userId: string): Promise<{ any: boolean; read: boolean }> {
  const some = (condition: ReturnType<typeof sql>) =>
    db.select({ id: pushDeliveries.messageId }).from(pushDeliveries).where(condition).limit(1).all()
  const any = (await some(shownTo(userId))).length > 0
  return { any, read: any && (await some(sql`${shownTo(userId)} and ${isRead}`)).length > 0 }
}

/** The people who have read what these devices show. */
export async function listReaders(db: Db, deviceIds: readonly string[]): Promise<string[]> {
  const shown = sql`${pushDeliveries.sentAt} is not null
    and ${pushDeliveries.subscriptionId} in ${textsIn(db, JSON.stringify(deviceIds))}`
  const rows = await db
    .selectDistinct({ userId: pushSubscriptions.userId })
    .from(pushDeliveries)
    .innerJoin(pushSubscriptions, eq(pushSubscriptions.id, pushDeliveries.subscriptionId))
    .where(sql`${shown} and ${isRead}`)
    .all()
  return rows.map(({ userId }) => userId)
}

/** Deletes the notices that a person has read, and returns the channels that devices have nothing of any more. */
export async function takeReadPushes(tx: Tx, userId: string) {
  const taken = await tx
    .delete(pushDeliveries)
    .where(sql`${shownTo(userId)} and ${isRead}`)
    .returning({ subscriptionId: pushDeliveries.subscriptionId, channelId: pushDeliveries.channelId })
    .all()
  if (taken.length === 0) return []

  const left = await tx
    .select({ subscriptionId: pushDeliveries.subscriptionId, channelId: pushDeliveries.channelId })
    .from(pushDeliveries)
    .where(shownTo(userId))
    .all()
  const keyOf = (row: { subscriptionId: string; channelId: string }) =>
    `${row.subscriptionId} ${row.channelId}`
  const stillShown = new Set(left.map(keyOf))
  const gone = new Map(taken.map((row) => [keyOf(row), row]))
  return [...gone].filter(([key]) => !stillShown.has(key)).map(([, row]) => row)
}

/** Deletes devices that do not exist any more, with what waits for them. */
export async function deleteGoneDevices(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(sql`delete from push_subscriptions where id in ${textsIn(tx, JSON.stringify(ids))}`)
}

/** Are there notices from before a time? */
export async function hasOldPushes(db: Db, before: Date): Promise<boolean> {
  const old = db.select({ id: pushDeliveries.messageId }).from(pushDeliveries)
  return (await old.where(lt(pushDeliveries.createdAt, before)).limit(1).all()).length > 0
}

export async function deleteOldPushes(tx: Tx, before: Date): Promise<void> {
  await tx.delete(pushDeliveries).where(lt(pushDeliveries.createdAt, before)).run()
}
