import { and, desc, eq, inArray, lt, type SQL, type SQLWrapper, sql } from "drizzle-orm"
import { auditLog } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { AuditAction, AuditEntry, AuditPage } from "./contract.ts"

/** An act of someone with permissions, as `recordAct` stores it. */
export interface Act {
  serverId: string
  actor: { id: string; username: string }
  action: AuditAction
  /** Whom or what it was done to; none for the server itself. */
  target?: { id: string; name: string }
  /** For each changed field, its value before and after, as JSON. */
  changes?: Record<string, { before?: unknown; after?: unknown }>
  reason?: string | null
}

/** Adds an entry to the audit log. Call it in the commit that does the act. */
export async function recordAct(tx: Tx, act: Act): Promise<void> {
  const { serverId, actor, action, target, changes = {}, reason } = act
  await tx
    .insert(auditLog)
    .values({
      // These ids grow, so that entries of one millisecond stay in their order.
      id: Bun.randomUUIDv7(),
      serverId,
      actorId: actor.id,
      actorName: actor.username,
      action,
      targetId: target?.id ?? null,
      targetName: target?.name ?? null,
      changes,
      reason: reason || null,
    })
    .run()
}

/** The fields whose values differ, for `Act.changes`. */
export function changesOf<Fields extends Record<string, unknown>>(
  before: Fields,
  after: Partial<Fields>,
): Record<string, { before: unknown; after: unknown }> {
  const fields = Object.keys(after).filter(
    (field) => after[field] !== undefined && JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  )
  return Object.fromEntries(
    fields.map((field) => [field, { before: before[field] ?? null, after: after[field] }]),
  )
}

interface AuditQuery {
  serverId: string
  actorId?: string
  action?: AuditAction
  targetId?: string
  /** The `older` of the page before. */
  before?: string
  limit: number
}

const columns = {
  id: auditLog.id,
  actorId: auditLog.actorId,
  actorName: auditLog.actorName,
  action: auditLog.action,
  targetId: auditLog.targetId,
  targetName: auditLog.targetName,
  changes: auditLog.changes,
  reason: auditLog.reason,
  createdAt: auditLog.createdAt,
  actorShown: shownTo(auditLog.actorId),
  targetShown: shownTo(auditLog.targetId),
}

/**
 * The name that members of the server see for a user; `null` without another name or without a user. Drizzle names a column
 * of the only table without that table, which here would be that of `server_members`.
 */
function shownTo(userId: SQLWrapper) {
  return sql<string | null>`(
    select coalesce(called.nickname, o.display_name) from users o
    left join server_members called on called.user_id = o.id and called.server_id = audit_log.server_id
    where o.id = ${userId})`
}

/** A page of a server's audit log, newest first. */
export async function listActs(db: Db, asked: AuditQuery): Promise<AuditPage> {
  const { serverId, actorId, action, targetId, before, limit } = asked
  const rows = await db
    .select(columns)
    .from(auditLog)
    .where(
      and(
        eq(auditLog.serverId, serverId),
        actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
        action === undefined ? undefined : eq(auditLog.action, action),
        targetId === undefined ? undefined : eq(auditLog.targetId, targetId),
        before === undefined ? undefined : olderThan(before),
      ),
    )
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(limit + 1)
    .all()
  const entries = rows.slice(0, limit).map(({ actorShown, targetShown, ...entry }) => ({
    ...entry,
    ...(actorShown !== null && { actorShown }),
    ...(targetShown !== null && { targetShown }),
  })) as AuditEntry[]
  const last = entries.at(-1)
  return { entries, older: last && rows.length > limit ? `${last.createdAt.getTime()}.${last.id}` : null }
}

/** Who last did one of these to someone or something; `undefined` when the log does not say. */
export async function findLastActor(
  db: Db,
  { serverId, targetId, actions }: { serverId: string; targetId: string; actions: readonly AuditAction[] },
): Promise<{ id: string; name: string } | undefined> {
  return db
    .select({ id: auditLog.actorId, name: auditLog.actorName })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.serverId, serverId),
        eq(auditLog.targetId, targetId),
        inArray(auditLog.action, [...actions]),
      ),
    )
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(1)
    .get()
}

/** A comparison of rows, which the indexes by time and id answer. */
function olderThan(cursor: string): SQL {
  const [time = "", id = ""] = cursor.split(".")
  return sql`(${auditLog.createdAt}, ${auditLog.id}) < (${Number(time)}, ${id})`
}

/** Are there entries from before a time? */
export async function hasActs(db: Db, before: Date): Promise<boolean> {
  const rows = await db
    .select({ id: auditLog.id })
    .from(auditLog)
    .where(lt(auditLog.createdAt, before))
    .limit(1)
    .all()
  return rows.length > 0
}

/** Deletes the entries from before a time. */
export async function deleteActs(tx: Tx, before: Date): Promise<void> {
  await tx.delete(auditLog).where(lt(auditLog.createdAt, before)).run()
}
