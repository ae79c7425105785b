import { and, desc, eq, gt, lte, ne } from "drizzle-orm"
import { sessions, signInSteps, trustedDevices } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { ChangeSet } from "../change-set.ts"

/** Most sessions of one user: as many as a list shows, so that each can be ended there. */
export const maxSessions = 200
/** Most sessions that one more ends. */
const maxEnded = 100

/** A user's sessions that have not expired, last used first. */
export async function listSessions(db: Db, userId: string, now: Date) {
  const { id, createdAt, updatedAt, userAgent, ipAddress } = sessions
  return db
    .select({ id, createdAt, updatedAt, userAgent, ipAddress })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(updatedAt), desc(id))
    .limit(maxSessions)
    .all()
}

/** Stores the client's ip of a new session. */
export async function updateSessionIp(tx: Tx, token: string, ipAddress: string): Promise<void> {
  await tx.update(sessions).set({ ipAddress }).where(eq(sessions.token, token)).run()
}

/** Makes room for one more session of a user: deletes those that have expired, and ends those that were used least recently. */
export async function makeRoomForSession(changes: ChangeSet, userId: string, now: Date): Promise<void> {
  const { tx } = changes
  const ofUser = eq(sessions.userId, userId)
  await tx
    .delete(sessions)
    .where(and(ofUser, lte(sessions.expiresAt, now)))
    .run()
  const surplus = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(ofUser)
    .orderBy(desc(sessions.updatedAt), desc(sessions.id))
    .limit(maxEnded)
    .offset(maxSessions - 1)
    .all()
  for (const { id } of surplus) await endSession(changes, userId, id)
}

/** Ends a session of that user; `false` when they have no such session. */
export async function endSession(changes: ChangeSet, userId: string, sessionId: string): Promise<boolean> {
  const ofUser = and(eq(sessions.id, sessionId), eq(sessions.userId, userId))
  const ended =
    (await changes.tx.delete(sessions).where(ofUser).returning({ id: sessions.id }).all()).length > 0
  if (ended) changes.end({ of: "session", sessionId })
  return ended
}

/**
 * Ends all sessions of a user, or all except one, with what would make the next sign-in easier: trusted devices and
 * sign-ins between two steps. A bot's tokens count as sessions.
 */
export async function endSessions(
  changes: ChangeSet,
  { userId, except }: { userId: string; except?: string },
): Promise<void> {
  await changes.tx
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, except ?? "")))
    .run()
  for (const table of [trustedDevices, signInSteps])
    await changes.tx.delete(table).where(eq(table.userId, userId)).run()
  changes.end({ of: "user", userId, exceptSessionId: except })
}
