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

const is = (id: string) => eq(outgoingWebhooks.id, id)

/** With what delivering takes. Synchronous, for inside a shared commit too. */
export function findOutgoing(db: Db, id: string) {
  return db
    .select({ ...columns, secret: outgoingWebhooks.secret, deliveredSeq: outgoingWebhooks.deliveredSeq })
    .from(outgoingWebhooks)
    .where(is(id))
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

/** Those that are not given up. */
export function listActiveOutgoing(db: Db) {
  const { id, channelId } = columns
  return db.select({ id, channelId }).from(outgoingWebhooks).where(isNull(outgoingWebhooks.disabledAt)).all()
}

export function countOutgoing(db: Db, channelId: string): number {
  const inChannel = eq(outgoingWebhooks.channelId, channelId)
  return db.select({ hooks: count() }).from(outgoingWebhooks).where(inChannel).get()?.hooks ?? 0
}

type NewOutgoing = Pick<OutgoingHook, "id" | "channelId" | "url" | "secret"> & { createdBy: string }

/** Stores one that is told what comes from now on; `false` when its channel is gone. */
export function insertOutgoing(db: Db, hook: NewOutgoing): boolean {
  const head = db.select({ seq: channels.seq }).from(channels).where(eq(channels.id, hook.channelId)).get()
  if (!head) return false

  db.insert(outgoingWebhooks)
    .values({ ...hook, deliveredSeq: head.seq })
    .run()
  return true
}

export function deleteOutgoing(db: Db, id: string): void {
  db.delete(outgoingWebhooks).where(is(id)).run()
}

/** It was told this far; `false` when it is gone or off by now. */
export function updateDelivered(db: Db, id: string, deliveredSeq: number, lastStatus: string): boolean {
  const told = { deliveredSeq, lastStatus, failures: 0, nextTryAt: null }
  const isOn = and(is(id), isNull(outgoingWebhooks.disabledAt))
  const updated = db.update(outgoingWebhooks).set(told).where(isOn).returning({ id: outgoingWebhooks.id })
  return updated.all().length > 0
}

export function updateFailed(
  db: Db,
  id: string,
  { failures, status, nextTryAt }: { failures: number; status: string; nextTryAt: Date },
): void {
  db.update(outgoingWebhooks).set({ failures, lastStatus: status, nextTryAt }).where(is(id)).run()
}

export function disableOutgoing(
  db: Db,
  id: string,
  { failures, status, at }: { failures: number; status: string; at: Date },
): void {
  const given = { failures, lastStatus: status, nextTryAt: null, disabledAt: at }
  db.update(outgoingWebhooks).set(given).where(is(id)).run()
}

/** As if nothing had failed: from where it was. */
export function resetOutgoing(db: Db, id: string): void {
  db.update(outgoingWebhooks).set({ failures: 0, nextTryAt: null, disabledAt: null }).where(is(id)).run()
}
