import { and, asc, count, eq, isNull } from "drizzle-orm"
import { channels, outgoingWebhooks } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
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

/** A hook with its secret and cursor. Synchronous, so that shared commits can use it. */
export function findOutgoing(db: Db, id: string) {
  return db
    .select({ ...columns, secret: outgoingWebhooks.secret, deliveredSeq: outgoingWebhooks.deliveredSeq })
    .from(outgoingWebhooks)
    .where(withId(id))
    .get()
}

export type OutgoingHook = NonNullable<ReturnType<typeof findOutgoing>>

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
export function listActiveOutgoing(db: Db) {
  const { id, channelId } = columns
  return db.select({ id, channelId }).from(outgoingWebhooks).where(isNull(outgoingWebhooks.disabledAt)).all()
}

export function countOutgoing(db: Db, channelId: string): number {
  const inChannel = eq(outgoingWebhooks.channelId, channelId)
  return db.select({ hooks: count() }).from(outgoingWebhooks).where(inChannel).get()?.hooks ?? 0
}

type NewOutgoing = Pick<OutgoingHook, "id" | "channelId" | "url" | "secret"> & { createdBy: string }

/** Stores a hook whose deliveries begin with the channel's next change; `false` when the channel does not exist. */
export function insertOutgoing(db: Db, hook: NewOutgoing): boolean {
  const head = db.select({ seq: channels.seq }).from(channels).where(eq(channels.id, hook.channelId)).get()
  if (!head) return false

  db.insert(outgoingWebhooks)
    .values({ ...hook, deliveredSeq: head.seq })
    .run()
  return true
}

export function deleteOutgoing(db: Db, id: string): void {
  db.delete(outgoingWebhooks).where(withId(id)).run()
}

/** Advances the cursor; `false` when the hook was deleted or disabled meanwhile. */
export function updateDelivered(db: Db, id: string, deliveredSeq: number, lastStatus: string): boolean {
  const progress = { deliveredSeq, lastStatus, failures: 0, nextTryAt: null }
  const isActive = and(withId(id), isNull(outgoingWebhooks.disabledAt))
  const updated = db
    .update(outgoingWebhooks)
    .set(progress)
    .where(isActive)
    .returning({ id: outgoingWebhooks.id })
  return updated.all().length > 0
}

export function updateFailed(
  db: Db,
  id: string,
  { failures, status, nextTryAt }: { failures: number; status: string; nextTryAt: Date },
): void {
  db.update(outgoingWebhooks).set({ failures, lastStatus: status, nextTryAt }).where(withId(id)).run()
}

export function disableOutgoing(
  db: Db,
  id: string,
  { failures, status, at }: { failures: number; status: string; at: Date },
): void {
  const disabled = { failures, lastStatus: status, nextTryAt: null, disabledAt: at }
  db.update(outgoingWebhooks).set(disabled).where(withId(id)).run()
}

/** Enables a hook again and clears its failures; the cursor stays. */
export function resetOutgoing(db: Db, id: string): void {
  db.update(outgoingWebhooks).set({ failures: 0, nextTryAt: null, disabledAt: null }).where(withId(id)).run()
}
