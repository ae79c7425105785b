import { and, desc, eq, gt, ne } from "drizzle-orm"
import { sessions } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"

/** Most sessions that are listed. */
const maxListed = 200

/** A person's sessions that are still good, last used first. */
export async function listSessions(db: Db, userId: string, now: Date) {
  return db.query.sessions.findMany({
    columns: { id: true, createdAt: true, updatedAt: true, userAgent: true, ipAddress: true },
    where: and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)),
    orderBy: [desc(sessions.updatedAt), desc(sessions.id)],
    limit: maxListed,
  })
}

/** Notes where a session was made from. */
export function updateAddress(db: Db, token: string, ipAddress: string): void {
  db.update(sessions).set({ ipAddress }).where(eq(sessions.token, token)).run()
}

/** `false` when that person has no such session. */
export function deleteSession(db: Db, userId: string, id: string): boolean {
  const ofPerson = and(eq(sessions.id, id), eq(sessions.userId, userId))
  return db.delete(sessions).where(ofPerson).returning({ id: sessions.id }).all().length > 0
}

export function deleteSessionByToken(db: Db, token: string): void {
  db.delete(sessions).where(eq(sessions.token, token)).run()
}

/** All of a person's sessions, or all but one. */
export function deleteSessions(db: Db, userId: string, exceptId = ""): void {
  db.delete(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, exceptId)))
    .run()
}
