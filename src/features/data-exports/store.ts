import { and, asc, count, desc, eq, gt, inArray, lte, sql } from "drizzle-orm"
import { dataExports, servers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { DataExport } from "./contract.ts"

const dayMs = 86_400_000

/** A row of an export, as far as making it needs. */
export type ExportRow = typeof dataExports.$inferSelect

const columns = {
  id: dataExports.id,
  serverId: dataExports.serverId,
  serverName: servers.name,
  state: dataExports.state,
  bytes: dataExports.bytes,
  failure: dataExports.failure,
  createdAt: dataExports.createdAt,
  expiresAt: dataExports.expiresAt,
}

function selectExports(db: Db) {
  return db.select(columns).from(dataExports).leftJoin(servers, eq(servers.id, dataExports.serverId))
}

const isPending = inArray(dataExports.state, ["waiting", "running"])

/** A person's exports, newest first. */
export async function listExports(db: Db, userId: string): Promise<DataExport[]> {
  return selectExports(db)
    .where(eq(dataExports.userId, userId))
    .orderBy(desc(dataExports.createdAt), desc(dataExports.id))
    .all()
}

export async function findExport(db: Db, userId: string, id: string): Promise<ExportRow | undefined> {
  return db
    .select()
    .from(dataExports)
    .where(and(eq(dataExports.id, id), eq(dataExports.userId, userId)))
    .get()
}

/** How many exports a person has in the making, and how many they asked for in the last day. */
export async function countExports(
  db: Db,
  userId: string,
  now: Date,
): Promise<{ pending: number; today: number }> {
  const recent = gt(dataExports.createdAt, new Date(now.getTime() - dayMs))
  const found = await db
    .select({
      pending: count(sql`case when ${isPending} then 1 end`),
      today: count(sql`case when ${recent} then 1 end`),
    })
    .from(dataExports)
    .where(eq(dataExports.userId, userId))
    .get()
  return found ?? { pending: 0, today: 0 }
}

export async function insertExport(
  tx: Tx,
  row: Pick<ExportRow, "id" | "userId" | "serverId" | "createdAt">,
): Promise<DataExport> {
  await tx.insert(dataExports).values(row).run()
  const stored = await selectExports(tx).where(eq(dataExports.id, row.id)).get()
  if (!stored) throw new Error("An export is gone inside the commit that made it")
  return stored
}

/**
 * Takes the oldest export that is to be made. Also one that another process has begun: it is not on duty any more, and its
 * result will not be accepted.
 */
export async function takeExport(tx: Tx, now: Date): Promise<ExportRow | undefined> {
  const next = await tx
    .select()
    .from(dataExports)
    .where(isPending)
    .orderBy(asc(dataExports.createdAt), asc(dataExports.id))
    .limit(1)
    .get()
  if (!next) return undefined

  // A time that nobody else has for it.
  const startedAt = new Date(Math.max(now.getTime(), (next.startedAt?.getTime() ?? 0) + 1))
  return tx
    .update(dataExports)
    .set({ state: "running", startedAt })
    .where(eq(dataExports.id, next.id))
    .returning()
    .get()
}

/** Stores how an export ended. `false` when it is not that process' any more, or was deleted. */
export async function finishExport(
  tx: Tx,
  { id, startedAt }: ExportRow,
  result: Pick<ExportRow, "state" | "key" | "bytes" | "failure" | "finishedAt" | "expiresAt">,
): Promise<boolean> {
  const finished = await tx
    .update(dataExports)
    .set(result)
    .where(
      and(
        eq(dataExports.id, id),
        eq(dataExports.state, "running"),
        eq(dataExports.startedAt, startedAt ?? new Date(0)),
      ),
    )
    .returning({ id: dataExports.id })
    .all()
  return finished.length > 0
}

/** Deletes the expired exports. Returns their ids and their people. */
export async function deleteExpiredExports(tx: Tx, now: Date) {
  return tx
    .delete(dataExports)
    .where(lte(dataExports.expiresAt, now))
    .returning({ id: dataExports.id, userId: dataExports.userId })
    .all()
}

/** Is there an expired export? */
export async function hasExpiredExports(db: Db, now: Date): Promise<boolean> {
  return (await db.$count(dataExports, lte(dataExports.expiresAt, now))) > 0
}

/** Is there an export to make? */
export async function hasPendingExports(db: Db): Promise<boolean> {
  return (await db.$count(dataExports, isPending)) > 0
}

/** The ids among these that have a row. */
export async function filterExportIds(db: Db, ids: string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: dataExports.id })
    .from(dataExports)
    .where(inArray(dataExports.id, ids))
    .all()
  return new Set(rows.map(({ id }) => id))
}
