import { and, asc, eq, gte, lt, lte } from "drizzle-orm"
import { undoableActs } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { AuditAction } from "../audit-log/contract.ts"

/** How long an act can be undone, in milliseconds. */
export const undoMs = 10_000
/** How long a restoration may take. */
const restoringMs = 60_000
/** Expired acts that one call returns. */
const maxExpired = 100

export type UndoableAct = typeof undoableActs.$inferSelect

/** An act whose undoing is to be stored. */
export interface NewUndoable {
  id: string
  serverId: string
  actorId: string
  action: AuditAction
  /** What `undo.ts` needs. */
  data: Record<string, unknown>
}

/** Stores what it takes to undo an act for some seconds. Call it in the commit that does the act. */
export async function insertUndoable(tx: Tx, act: NewUndoable): Promise<void> {
  await tx
    .insert(undoableActs)
    .values({ ...act, expiresAt: new Date(Date.now() + undoMs) })
    .run()
}

/** The id of an act's numbered part. */
export function partId(id: string, part: number): string {
  return `${id}.${part}`
}

/** An act, or one of its parts; also one that has expired. */
export async function findUndoable(db: Db, id: string): Promise<UndoableAct | undefined> {
  return db.select().from(undoableActs).where(eq(undoableActs.id, id)).get()
}

/** Takes an act, or one of its parts, so that nobody undoes it again. */
export async function takeUndoable(tx: Tx, id: string): Promise<UndoableAct | undefined> {
  return tx.delete(undoableActs).where(eq(undoableActs.id, id)).returning().get()
}

/** The ids of an act's parts. */
export async function listParts(db: Db, id: string): Promise<string[]> {
  // "/" follows "." in the order of both databases.
  const rows = await db
    .select({ id: undoableActs.id })
    .from(undoableActs)
    .where(and(gte(undoableActs.id, `${id}.`), lt(undoableActs.id, `${id}/`)))
    .orderBy(asc(undoableActs.id))
    .all()
  return rows.map((row) => row.id)
}

/** Gives the parts of an act, and the act itself, as much time from now as an act has; while it is restored, more. */
export async function extendUndoable(tx: Tx, id: string, { isRestoring = false } = {}): Promise<void> {
  const expiresAt = new Date(Date.now() + (isRestoring ? restoringMs : undoMs))
  await tx
    .update(undoableActs)
    .set({ expiresAt })
    .where(and(gte(undoableActs.id, id), lt(undoableActs.id, `${id}/`)))
    .run()
}

/** Acts and parts that can no longer be undone. */
export async function listExpired(db: Db, now: Date): Promise<UndoableAct[]> {
  return db
    .select()
    .from(undoableActs)
    .where(lte(undoableActs.expiresAt, now))
    .orderBy(asc(undoableActs.expiresAt))
    .limit(maxExpired)
    .all()
}

/** When the next act expires. */
export async function findNextExpiry(db: Db): Promise<Date | undefined> {
  const next = await db
    .select({ at: undoableActs.expiresAt })
    .from(undoableActs)
    .orderBy(asc(undoableActs.expiresAt))
    .limit(1)
    .get()
  return next?.at
}

/** Deletes an act unless it was given more time meanwhile. */
export async function deleteExpired(tx: Tx, id: string, now: Date): Promise<boolean> {
  const deleted = await tx
    .delete(undoableActs)
    .where(and(eq(undoableActs.id, id), lte(undoableActs.expiresAt, now)))
    .returning({ id: undoableActs.id })
    .all()
  return deleted.length > 0
}
