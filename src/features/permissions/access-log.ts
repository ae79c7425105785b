import { asc, gt, lt, sql } from "drizzle-orm"
import { accessHead, accessLog } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { EndedAccess } from "./evictions.ts"

/** The id of the only row of `access_head`. */
const headId = 1
/** Most entries read at once. */
const maxEntries = 1000

/** What ended with one commit. */
export interface AccessEntry {
  seq: number
  access: EndedAccess
}

/** A part of the log of ended access. */
interface AccessPart {
  /** The last entry's number. */
  head: number
  entries: AccessEntry[]
}

/**
 * Adds to the log of ended access, and returns the new head. Call it last in a commit: until the end of the commit, others
 * that end access wait for it.
 */
export async function appendEndedAccess(tx: Tx, ended: readonly EndedAccess[]): Promise<number> {
  const count = ended.length
  const [row] = await tx
    .insert(accessHead)
    .values({ id: headId, seq: count })
    .onConflictDoUpdate({ target: accessHead.id, set: { seq: sql`${accessHead.seq} + ${count}` } })
    .returning({ seq: accessHead.seq })
  if (!row) throw new Error("An upsert returns its row")

  const first = row.seq - count + 1
  await tx.insert(accessLog).values(ended.map((access, index) => ({ seq: first + index, access })))
  return row.seq
}

/** The head of the log of ended access; 0 when it is empty. */
export async function findAccessHead(db: Db): Promise<number> {
  const [row] = await db.select({ seq: accessHead.seq }).from(accessHead)
  return row?.seq ?? 0
}

/** The entries after a number, oldest first. */
export async function listEndedAccess(db: Db, after: number): Promise<AccessPart> {
  // The head first: entries that come in between are read as well, and the other way round one could be missed.
  const head = await findAccessHead(db)
  if (head <= after) return { head, entries: [] }

  const entries = await db
    .select({ seq: accessLog.seq, access: accessLog.access })
    .from(accessLog)
    .where(gt(accessLog.seq, after))
    .orderBy(asc(accessLog.seq))
    .limit(maxEntries)
  return { head, entries: entries as AccessEntry[] }
}

/** Are there entries before a time? */
export async function hasEndedAccess(db: Db, before: Date): Promise<boolean> {
  const rows = await db
    .select({ seq: accessLog.seq })
    .from(accessLog)
    .where(lt(accessLog.createdAt, before))
    .limit(1)
  return rows.length > 0
}

/** Deletes the entries before a time. */
export async function deleteEndedAccess(tx: Tx, before: Date): Promise<void> {
  await tx.delete(accessLog).where(lt(accessLog.createdAt, before))
}
