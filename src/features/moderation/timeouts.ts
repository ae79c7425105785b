import { and, asc, eq, gt, isNotNull, lte } from "drizzle-orm"
import { serverMembers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { Timeout } from "./contract.ts"

/** Timeouts that one call lists. */
const maxListed = 1000

const ofMember = (serverId: string, userId: string) =>
  and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, userId))

/** When a member's timeout ends; `null` without one, also when it is over. */
export async function findTimeout(db: Db, serverId: string, userId: string): Promise<Date | null> {
  const row = await db
    .select({ until: serverMembers.timedOutUntil })
    .from(serverMembers)
    .where(and(ofMember(serverId, userId), gt(serverMembers.timedOutUntil, new Date())))
    .get()
  return row?.until ?? null
}

export async function updateTimeout(
  tx: Tx,
  serverId: string,
  userId: string,
  timedOutUntil: Date | null,
): Promise<void> {
  await tx.update(serverMembers).set({ timedOutUntil }).where(ofMember(serverId, userId)).run()
}

/** The running timeouts of a server, the next to end first. */
export async function listTimeouts(db: Db, serverId: string): Promise<Timeout[]> {
  const rows = await db
    .select({ userId: users.id, username: users.username, until: serverMembers.timedOutUntil })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .where(and(eq(serverMembers.serverId, serverId), gt(serverMembers.timedOutUntil, new Date())))
    .orderBy(asc(serverMembers.timedOutUntil), asc(users.username))
    .limit(maxListed)
    .all()
  return rows.flatMap(({ until, ...member }) => (until ? [{ ...member, until }] : []))
}

export async function findNextTimeoutEnd(db: Db): Promise<Date | undefined> {
  const next = await db
    .select({ until: serverMembers.timedOutUntil })
    .from(serverMembers)
    .where(isNotNull(serverMembers.timedOutUntil))
    .orderBy(asc(serverMembers.timedOutUntil))
    .limit(1)
    .get()
  return next?.until ?? undefined
}

/** Removes expired timeouts, so that cached pages are rebuilt. Returns the ids of their servers. */
export async function deleteDueTimeouts(tx: Tx, now: Date): Promise<string[]> {
  const ended = await tx
    .update(serverMembers)
    .set({ timedOutUntil: null })
    .where(and(isNotNull(serverMembers.timedOutUntil), lte(serverMembers.timedOutUntil, now)))
    .returning({ serverId: serverMembers.serverId })
    .all()
  return ended.map(({ serverId }) => serverId)
}
