import { and, asc, desc, eq, gt, isNotNull, isNull, lte, or, sql } from "drizzle-orm"
import { bans, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { positionIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import type { Ban } from "./contract.ts"

/** Bans that one call lists. */
const maxListed = 1000

const ofUser = (serverId: string, userId: string) => and(eq(bans.serverId, serverId), eq(bans.userId, userId))

/** A ban whose time is over is none, whether or not it was deleted yet. */
const running = (now: Date | ReturnType<typeof sql.placeholder>) =>
  or(isNull(bans.expiresAt), gt(bans.expiresAt, now))

const statements = prepare((db) => ({
  matching: db
    .select({
      userId: bans.userId,
      username: users.username,
      reason: bans.reason,
      expiresAt: bans.expiresAt,
      createdAt: bans.createdAt,
    })
    .from(bans)
    .innerJoin(users, eq(users.id, bans.userId))
    .where(
      and(
        eq(bans.serverId, sql.placeholder("serverId")),
        running(sql.placeholder("now")),
        gt(positionIn(db, sql`${users.username}`, sql.placeholder("search")), 0),
      ),
    )
    .orderBy(desc(bans.createdAt), desc(bans.userId))
    .limit(maxListed)
    .prepare(),
}))

/** A server's bans, newest first; with a search, of people whose names contain it. */
export async function listBans(db: Db, serverId: string, search = ""): Promise<Ban[]> {
  return statements(db).matching.all({ serverId, search: search.toLowerCase(), now: Date.now() })
}

/** Joining checks it inside its commit, so that a concurrent ban cannot be bypassed. */
export async function isBanned(db: Db, serverId: string, userId: string): Promise<boolean> {
  const found = await db
    .select({ userId: bans.userId })
    .from(bans)
    .where(and(ofUser(serverId, userId), running(new Date())))
    .get()
  return found !== undefined
}

/** A ban as its table stores it. */
export interface StoredBan {
  reason: string | null
  expiresAt: Date | null
  createdAt?: Date
}

export async function findBan(db: Db, serverId: string, userId: string): Promise<StoredBan | undefined> {
  return db
    .select({ reason: bans.reason, expiresAt: bans.expiresAt, createdAt: bans.createdAt })
    .from(bans)
    .where(and(ofUser(serverId, userId), running(new Date())))
    .get()
}

/** Stores a ban, in place of one that is there. */
export async function insertBan(
  tx: Tx,
  { expiresAt = null, ...ban }: { serverId: string; userId: string } & Partial<StoredBan>,
): Promise<void> {
  const { reason = null, createdAt } = ban
  await tx
    .insert(bans)
    .values({ ...ban, reason, expiresAt })
    .onConflictDoUpdate({
      target: [bans.serverId, bans.userId],
      set: { reason, expiresAt, ...(createdAt && { createdAt }) },
    })
    .run()
}

/** `false` when there is no such ban. */
export async function deleteBan(tx: Tx, serverId: string, userId: string): Promise<boolean> {
  return (await tx.delete(bans).where(ofUser(serverId, userId)).returning().all()).length > 0
}

/** When the next ban ends. */
export async function findNextBanEnd(db: Db): Promise<Date | undefined> {
  const next = await db
    .select({ expiresAt: bans.expiresAt })
    .from(bans)
    .where(isNotNull(bans.expiresAt))
    .orderBy(asc(bans.expiresAt))
    .limit(1)
    .get()
  return next?.expiresAt ?? undefined
}

/** Deletes bans whose time is over. Returns the servers. */
export async function deleteDueBans(tx: Tx, now: Date): Promise<string[]> {
  const ended = await tx
    .delete(bans)
    .where(and(isNotNull(bans.expiresAt), lte(bans.expiresAt, now)))
    .returning({ serverId: bans.serverId })
    .all()
  return ended.map(({ serverId }) => serverId)
}
