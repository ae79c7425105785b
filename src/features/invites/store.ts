import { and, count, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm"
import { invites, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { memberCount } from "../members/store.ts"
import { type Invite, type InvitePreview, maxInvitesListed } from "./contract.ts"

/** Not revoked, not expired, not used up. */
const usable = (now: Date) =>
  and(
    isNull(invites.revokedAt),
    or(isNull(invites.expiresAt), gt(invites.expiresAt, now)),
    or(isNull(invites.maxUses), lt(invites.uses, invites.maxUses)),
  )

/** Usable invites, newest first. */
export async function listInvites(db: Db, serverId: string, now: Date): Promise<Invite[]> {
  return db
    .select()
    .from(invites)
    .where(and(eq(invites.serverId, serverId), usable(now)))
    .orderBy(desc(invites.createdAt), desc(invites.code))
    .limit(maxInvitesListed)
    .all()
}

/** How many usable invites a member has created. */
export async function countInvitesOf(tx: Tx, serverId: string, userId: string, now: Date): Promise<number> {
  const found = await tx
    .select({ count: count() })
    .from(invites)
    .where(and(eq(invites.serverId, serverId), eq(invites.createdBy, userId), usable(now)))
    .get()
  return found?.count ?? 0
}

/** Deletes the unusable invites of a member: nothing refers to them, and the audit log has its own copy of their codes. */
export async function deleteUnusableInvites(
  tx: Tx,
  serverId: string,
  userId: string,
  now: Date,
): Promise<void> {
  await tx
    .delete(invites)
    .where(and(eq(invites.serverId, serverId), eq(invites.createdBy, userId), sql`not ${usable(now)}`))
    .run()
}

/** An invite by code, also an unusable one. */
export async function findInvite(db: Db, code: string) {
  return db
    .select({ code: invites.code, serverId: invites.serverId, createdBy: invites.createdBy })
    .from(invites)
    .where(eq(invites.code, code))
    .get()
}

/** What a user sees of a usable invite before joining. */
export async function findInvitePreview(db: Db, code: string, now: Date): Promise<InvitePreview | undefined> {
  return db
    .select({
      code: invites.code,
      serverId: servers.id,
      serverName: servers.name,
      description: servers.description,
      iconUrl: sql<
        string | null
      >`case when ${servers.iconKey} is null then null else '/invites/' || ${invites.code} || '/icon' end`,
      inviter: users.username,
      memberCount,
    })
    .from(invites)
    .innerJoin(servers, eq(servers.id, invites.serverId))
    .innerJoin(users, eq(users.id, invites.createdBy))
    .where(and(eq(invites.code, code), usable(now)))
    .get()
}

/** The storage key of the icon of the server that a usable invite leads to. */
export async function findInvitedIconKey(db: Db, code: string, now: Date): Promise<string | null> {
  const found = await db
    .select({ key: servers.iconKey })
    .from(invites)
    .innerJoin(servers, eq(servers.id, invites.serverId))
    .where(and(eq(invites.code, code), usable(now)))
    .get()
  return found?.key ?? null
}

export async function insertInvite(tx: Tx, invite: Invite): Promise<Invite> {
  await tx.insert(invites).values(invite).run()
  return invite
}

/**
 * Counts one use of a usable invite and returns its server; `undefined` when it is not usable. One statement
 * inside the commit, so that concurrent calls cannot share the last use.
 */
export async function useInvite(tx: Tx, code: string, now: Date): Promise<string | undefined> {
  const used = await tx
    .update(invites)
    .set({ uses: sql`${invites.uses} + 1` })
    .where(and(eq(invites.code, code), usable(now)))
    .returning({ serverId: invites.serverId })
    .get()
  return used?.serverId
}

/** Revokes all invites that a user created, in one server or in all; returns their codes. */
export async function revokeInvitesBy(
  tx: Tx,
  userId: string,
  now: Date,
  serverId?: string,
): Promise<string[]> {
  const active = and(eq(invites.createdBy, userId), isNull(invites.revokedAt))
  const revoked = await tx
    .update(invites)
    .set({ revokedAt: now })
    .where(serverId === undefined ? active : and(active, eq(invites.serverId, serverId)))
    .returning({ code: invites.code })
    .all()
  return revoked.map(({ code }) => code)
}

export async function revokeInvite(tx: Tx, code: string, now: Date): Promise<Invite | undefined> {
  return tx.update(invites).set({ revokedAt: now }).where(eq(invites.code, code)).returning().get()
}
