import { and, desc, eq, gte, lt, sql } from "drizzle-orm"
import { instanceLog } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { InstanceAction } from "../instance/contract.ts"
import { administrationPageSize, type InstanceEntry } from "./contract.ts"

const dayMs = 24 * 60 * 60 * 1000

/** What a page of the log is restricted to. */
interface LogQuery {
  /** The name that the actor had. */
  actor?: string
  action?: InstanceAction
  /** Days in UTC as `YYYY-MM-DD`, both included. */
  from?: string
  to?: string
  /** The `next` of the page before. */
  before?: string
}

/** A page of the log of the instance, newest first. */
export async function listInstanceActs(db: Db, { actor, action, from, to, before }: LogQuery) {
  const rows = await db
    .select()
    .from(instanceLog)
    .where(
      and(
        actor === undefined ? undefined : eq(instanceLog.actorName, actor),
        action === undefined ? undefined : eq(instanceLog.action, action),
        from === undefined ? undefined : gte(instanceLog.createdAt, new Date(from)),
        to === undefined ? undefined : lt(instanceLog.createdAt, new Date(Date.parse(to) + dayMs)),
        before === undefined ? undefined : olderThan(before),
      ),
    )
    .orderBy(desc(instanceLog.createdAt), desc(instanceLog.id))
    .limit(administrationPageSize + 1)
    .all()
  const entries = rows.slice(0, administrationPageSize) as InstanceEntry[]
  const last = entries.at(-1)
  const isMore = last && rows.length > entries.length
  return { entries, next: isMore ? `${last.createdAt.getTime()}.${last.id}` : null }
}

/** A comparison of rows, which the index by time and id answers. */
function olderThan(cursor: string) {
  const [time = "", id = ""] = cursor.split(".")
  return sql`(${instanceLog.createdAt}, ${instanceLog.id}) < (${Number(time)}, ${id})`
}

/** The entries about one person or server, newest first. */
export async function listActsOn(db: Db, targetId: string): Promise<InstanceEntry[]> {
  const rows = await db
    .select()
    .from(instanceLog)
    .where(eq(instanceLog.targetId, targetId))
    .orderBy(desc(instanceLog.createdAt), desc(instanceLog.id))
    .limit(20)
    .all()
  return rows as InstanceEntry[]
}

/** Are there entries from before a time? */
export async function hasInstanceActs(db: Db, before: Date): Promise<boolean> {
  const found = await db
    .select({ id: instanceLog.id })
    .from(instanceLog)
    .where(lt(instanceLog.createdAt, before))
    .limit(1)
    .all()
  return found.length > 0
}

/** Deletes the entries from before a time. */
export async function deleteInstanceActs(tx: Tx, before: Date): Promise<void> {
  await tx.delete(instanceLog).where(lt(instanceLog.createdAt, before)).run()
}
