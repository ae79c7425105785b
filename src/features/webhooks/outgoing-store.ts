import { and, asc, count, eq, isNotNull, isNull, lt } from "drizzle-orm"
import { channels, outgoingWebhooks } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { OutgoingWebhook } from "./contract.ts"

const columns = {
  id: outgoingWebhooks.id,
  channelId: outgoingWebhooks.channelId,
  url: outgoingWebhooks.url,
  createdAt: outgoingWebhooks.createdAt,
  failures: outgoingWebhooks.failures,
  nextTryAt: outgoingWebhooks.nextTryAt,
  lastStatus: outgoingWebhooks.lastStatus,
  disabledAt: outgoingWebhooks.disabledAt,
}

const withId = (id: string) => eq(outgoingWebhooks.id, id)

/** A hook with its secret and cursor. */
export async function findOutgoing(db: Db, id: string) {
  return db
    .select({
      ...columns,
      secret: outgoingWebhooks.secret,
      deliveredSeq: outgoingWebhooks.deliveredSeq,
      createdBy: outgoingWebhooks.createdBy,
    })
    .from(outgoingWebhooks)
    .where(withId(id))
    .get()
}

export type OutgoingHook = NonNullable<Awaited<ReturnType<typeof findOutgoing>>>

/** Oldest first. */
export async function listOutgoing(db: Db, channelId: string): Promise<OutgoingWebhook[]> {
  return db
    .select(columns)
    .from(outgoingWebhooks)
    .where(eq(outgoingWebhooks.channelId, channelId))
    .orderBy(asc(outgoingWebhooks.createdAt), asc(outgoingWebhooks.id))
    .all()
}

/** The hooks that are not disabled, of all channels. */
export async function listActiveOutgoing(db: Db) {
  const { id, channelId } = columns
  return db.select({ id, channelId }).from(outgoingWebhooks).where(isNull(outgoingWebhooks.disabledAt)).all()
}

/** The ids of a server's channels with hooks that are disabled. */
export async function listDisabledPlaces(db: Db, serverId: string): Promise<Set<string>> {
  const rows = await db
    .selectDistinct({ channelId: outgoingWebhooks.channelId })
    .from(outgoingWebhooks)
    .innerJoin(channels, eq(channels.id, outgoingWebhooks.channelId))
    .where(and(eq(channels.serverId, serverId), isNotNull(outgoingWebhooks.disabledAt)))
    .all()
  return new Set(rows.map(({ channelId }) => channelId))
}

export async function countOutgoing(db: Db, channelId: string): Promise<number> {
  const inChannel = eq(outgoingWebhooks.channelId, channelId)
  return (await db.select({ hooks: count() }).from(outgoingWebhooks).where(inChannel).get())?.hooks ?? 0
}

type NewOutgoing = Pick<OutgoingHook, "id" | "channelId" | "url" | "secret" | "createdBy">

/** Stores a hook whose deliveries begin with the channel's next change; `false` when the channel does not exist. */
export async function insertOutgoing(tx: Tx, hook: NewOutgoing): Promise<boolean> {
  const head = await tx
    .select({ seq: channels.seq })
    .from(channels)
    .where(eq(channels.id, hook.channelId))
    .get()
  if (!head) return false

  await tx
    .insert(outgoingWebhooks)
    .values({ ...hook, deliveredSeq: head.seq })
    .run()
  return true
}

export async function deleteOutgoing(tx: Tx, id: string): Promise<void> {
  await tx.delete(outgoingWebhooks).where(withId(id)).run()
}

/** Advances the cursor; `false` when the hook was deleted or disabled meanwhile. */
export async function updateDelivered(
  tx: Tx,
  id: string,
  deliveredSeq: number,
  lastStatus: string,
): Promise<boolean> {
  const progress = { deliveredSeq, lastStatus, failures: 0, nextTryAt: null }
  // Only forwards: another process may have gone on duty and delivered more meanwhile.
  const isNext = and(
    withId(id),
    isNull(outgoingWebhooks.disabledAt),
    lt(outgoingWebhooks.deliveredSeq, deliveredSeq),
  )
  const updated = tx
    .update(outgoingWebhooks)
    .set(progress)
    .where(isNext)
    .returning({ id: outgoingWebhooks.id })
  return (await updated.all()).length > 0
}

export async function updateFailed(
  tx: Tx,
  id: string,
  { failures, status, nextTryAt }: { failures: number; status: string; nextTryAt: Date },
): Promise<void> {
  await tx.update(outgoingWebhooks).set({ failures, lastStatus: status, nextTryAt }).where(withId(id)).run()
}

export async function disableOutgoing(
  tx: Tx,
  id: string,
  { failures, status, at }: { failures: number; status: string; at: Date },
): Promise<void> {
  const disabled = { failures, lastStatus: status, nextTryAt: null, disabledAt: at }
  await tx.update(outgoingWebhooks).set(disabled).where(withId(id)).run()
}

/** Enables a hook again and clears its failures; the cursor stays. From now on it depends on the permission of this person. */
export async function resetOutgoing(tx: Tx, id: string, createdBy: string): Promise<void> {
  await tx
    .update(outgoingWebhooks)
    .set({ createdBy, failures: 0, nextTryAt: null, disabledAt: null })
    .where(withId(id))
    .run()
}
