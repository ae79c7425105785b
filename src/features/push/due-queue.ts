import { and, asc, eq, isNull, sql } from "drizzle-orm"
import { pushDeliveries, pushSubscriptions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { elementsOf, jsonText } from "../../db/dialect.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { mayView } from "../permissions/scope.ts"
import { isRead, pushDelayMs } from "./queue.ts"

/** A notice in the queue. */
export interface PushKey {
  subscriptionId: string
  messageId: string
}

/** A notice that is due, with whom and where it is for. */
export interface DuePush extends PushKey {
  userId: string
  channelId: string
  reason: string
}

/** A notice that is to be sent now. */
export interface ClaimedPush extends PushKey {
  reason: string
  failures: number
}

const now = sql`cast(${sql.placeholder("now")} as bigint)`

/**
 * For conditions on deliveries: the session that subscribed is still open, and its person may still see the message, has
 * not read it and has not blocked its author.
 */
const isWanted = sql`exists (
  select 1 from push_subscriptions s
    join sessions x on x.id = s.session_id and x.user_id = s.user_id and x.expires_at > ${now}
    join messages y on y.id = ${pushDeliveries.messageId} and y.deleted_at is null
  where s.id = ${pushDeliveries.subscriptionId} and ${mayView(sql`s.user_id`, sql`y.channel_id`)}
    and not exists (select 1 from blocks b where b.user_id = s.user_id and b.blocked_id = y.user_id)
    and not ${isRead})`

const statements = prepare((db) => ({
  due: db
    .select({
      subscriptionId: pushDeliveries.subscriptionId,
      messageId: pushDeliveries.messageId,
      userId: pushSubscriptions.userId,
      channelId: pushDeliveries.channelId,
      reason: pushDeliveries.reason,
    })
    .from(pushDeliveries)
    .innerJoin(pushSubscriptions, eq(pushSubscriptions.id, pushDeliveries.subscriptionId))
    .where(sql`${pushDeliveries.dueAt} <= ${now}`)
    .orderBy(asc(pushDeliveries.dueAt))
    .limit(sql.placeholder("limit"))
    .prepare(),
}))

const writes = prepareWrites((tx) => {
  const textOf = (name: string) => jsonText(tx, sql`elements.value`, [name])
  /** On deliveries that are still due: another process may have taken them meanwhile. */
  const isAmong = sql`(subscription_id, message_id) in (
    select ${textOf("subscriptionId")}, ${textOf("messageId")} from ${elementsOf(tx, sql.placeholder("keys"))})
    and ${pushDeliveries.dueAt} <= ${now}`
  return {
    claim: tx
      .update(pushDeliveries)
      .set({ dueAt: null, sentAt: sql`case when ${isWanted} then ${now} else null end` })
      .where(isAmong)
      .returning({
        subscriptionId: pushDeliveries.subscriptionId,
        messageId: pushDeliveries.messageId,
        reason: pushDeliveries.reason,
        failures: pushDeliveries.failures,
        sentAt: pushDeliveries.sentAt,
      })
      .prepare(),
    hold: tx
      .update(pushDeliveries)
      .set({ dueAt: sql`${sql.placeholder("until")}` })
      .where(isAmong)
      .prepare(),
  }
})

const keysOf = (pushes: readonly PushKey[]) =>
  JSON.stringify(pushes.map(({ subscriptionId, messageId }) => ({ subscriptionId, messageId })))

/** Notices that are due, the longest due first. */
export async function listDuePushes(db: Db, now: Date, limit: number): Promise<DuePush[]> {
  return statements(db).due.all({ now: now.getTime(), limit })
}

/**
 * Takes notices from the queue, and returns those of them to send. The others are not wanted any more. Once this is
 * committed, none of them is ever taken again unless `retryPush` puts it back: what stops before it has sent them loses
 * them, and nothing is sent twice.
 */
export async function claimPushes(tx: Tx, pushes: readonly PushKey[], now: Date): Promise<ClaimedPush[]> {
  const taken = await writes(tx).claim.all({ keys: keysOf(pushes), now: now.getTime() })
  return taken.filter(({ sentAt }) => sentAt !== null)
}

/** Postpones notices that are due. */
export async function holdPushes(
  tx: Tx,
  pushes: readonly PushKey[],
  { now, until }: { now: Date; until: Date },
): Promise<void> {
  await writes(tx).hold.run({ keys: keysOf(pushes), now: now.getTime(), until: until.getTime() })
}

type Room = Pick<DuePush, "userId" | "channelId">

/** For conditions on deliveries: they were postponed by `holdPushes`, and are for one person and channel. */
const isHeldFor = ({ userId, channelId }: Room, now: Date) => sql`
  ${pushDeliveries.subscriptionId} in (select id from push_subscriptions where user_id = ${userId})
  and ${pushDeliveries.channelId} = ${channelId} and ${pushDeliveries.dueAt} > ${now.getTime()}
  and ${pushDeliveries.failures} = 0 and ${pushDeliveries.createdAt} <= ${now.getTime() - pushDelayMs}`

/** Are there postponed notices of a channel for somebody? */
export async function hasHeldPushes(db: Db, room: Room, now: Date): Promise<boolean> {
  const held = db.select({ id: pushDeliveries.messageId }).from(pushDeliveries).where(isHeldFor(room, now))
  return (await held.limit(1).all()).length > 0
}

/** Makes postponed notices due. */
export async function releasePushes(tx: Tx, room: Room, now: Date): Promise<void> {
  await tx.update(pushDeliveries).set({ dueAt: now }).where(isHeldFor(room, now)).run()
}

const ofDelivery = ({ subscriptionId, messageId }: PushKey) =>
  and(eq(pushDeliveries.subscriptionId, subscriptionId), eq(pushDeliveries.messageId, messageId))

/** Puts a notice back that was refused for now. */
export async function retryPush(tx: Tx, claimed: ClaimedPush, dueAt: Date): Promise<void> {
  const failures = claimed.failures + 1
  await tx
    .update(pushDeliveries)
    .set({ sentAt: null, dueAt, failures })
    .where(and(ofDelivery(claimed), isNull(pushDeliveries.dueAt)))
    .run()
}

/** Gives up a notice: it is never sent. */
export async function giveUpPush(tx: Tx, claimed: ClaimedPush): Promise<void> {
  const failures = claimed.failures + 1
  await tx.update(pushDeliveries).set({ sentAt: null, failures }).where(ofDelivery(claimed)).run()
}
