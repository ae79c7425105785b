import { and, desc, eq } from "drizzle-orm"
import { bans, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { Ban } from "./contract.ts"

/** Bans that one call lists. */
const maxListed = 1000

const ofUser = (serverId: string, userId: string) => and(eq(bans.serverId, serverId), eq(bans.userId, userId))

/** A server's bans, newest first. */
export async function listBans(db: Db, serverId: string): Promise<Ban[]> {
  return db
    .select({
      userId: bans.userId,
      username: users.username,
      reason: bans.reason,
      createdAt: bans.createdAt,
    })
    .from(bans)
    .innerJoin(users, eq(users.id, bans.userId))
    .where(eq(bans.serverId, serverId))
    .orderBy(desc(bans.createdAt), desc(bans.userId))
    .limit(maxListed)
    .all()
}

/** Joining checks it inside its commit, so that a concurrent ban cannot be bypassed. */
export async function isBanned(db: Db, serverId: string, userId: string): Promise<boolean> {
  return (
    (await db.select({ userId: bans.userId }).from(bans).where(ofUser(serverId, userId)).get()) !== undefined
  )
}

export async function insertBan(
  tx: Tx,
  ban: { serverId: string; userId: string; reason: string | null },
): Promise<void> {
  await tx
    .insert(bans)
    .values(ban)
    .onConflictDoUpdate({ target: [bans.serverId, bans.userId], set: { reason: ban.reason } })
    .run()
}

/** `false` when there is no such ban. */
export async function deleteBan(tx: Tx, serverId: string, userId: string): Promise<boolean> {
  return (await tx.delete(bans).where(ofUser(serverId, userId)).returning().all()).length > 0
}
