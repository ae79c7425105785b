import { and, eq, inArray, sql } from "drizzle-orm"
import { invites, memberRoles, roles, serverMembers } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { refreshMember } from "../permissions/derived.ts"
import type { Membership } from "./store.ts"

/** What it takes to restore a membership, as JSON: times are in milliseconds since 1970. */
export interface KeptMembership {
  joinedAt: number
  nickname: string | null
  timedOutUntil: number | null
  acceptedRulesAt: number | null
  joinAnswers?: Record<string, string[]> | null
  listPosition?: number | null
  roleIds: string[]
  /** Their invites that were revoked with it. */
  inviteCodes: string[]
}

const at = (time: Date | null) => time?.getTime() ?? null
const timeOf = (at: number | null) => (at === null ? null : new Date(at))

/** Reads a membership before it ends; `undefined` when there is none. */
export async function keepMembership(
  tx: Tx,
  { serverId, userId }: Membership,
): Promise<KeptMembership | undefined> {
  const row = await tx
    .select()
    .from(serverMembers)
    .where(and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, userId)))
    .get()
  if (!row) return undefined

  const held = await tx
    .select({ roleId: memberRoles.roleId })
    .from(memberRoles)
    .where(and(eq(memberRoles.serverId, serverId), eq(memberRoles.userId, userId)))
    .all()
  return {
    joinedAt: row.joinedAt.getTime(),
    nickname: row.nickname,
    timedOutUntil: at(row.timedOutUntil),
    acceptedRulesAt: at(row.acceptedRulesAt),
    joinAnswers: row.joinAnswers,
    listPosition: row.listPosition,
    roleIds: held.map(({ roleId }) => roleId),
    inviteCodes: [],
  }
}

/** Restores a membership with the roles that still exist, and the invites. `false` for someone who has joined again. */
export async function restoreMembership(
  tx: Tx,
  { serverId, userId }: Membership,
  kept: KeptMembership,
): Promise<boolean> {
  const inserted = await tx
    .insert(serverMembers)
    .values({
      serverId,
      userId,
      joinedAt: new Date(kept.joinedAt),
      nickname: kept.nickname,
      timedOutUntil: timeOf(kept.timedOutUntil),
      acceptedRulesAt: timeOf(kept.acceptedRulesAt),
      joinAnswers: kept.joinAnswers ?? null,
      listPosition: kept.listPosition ?? null,
    })
    .onConflictDoNothing()
    .returning({ userId: serverMembers.userId })
    .all()
  if (inserted.length === 0) return false

  if (kept.roleIds.length > 0) {
    const existing = await tx
      .select({ serverId: roles.serverId, userId: sql<string>`${userId}`.as("user_id"), roleId: roles.id })
      .from(roles)
      .where(and(eq(roles.serverId, serverId), inArray(roles.id, kept.roleIds)))
      .all()
    if (existing.length > 0) await tx.insert(memberRoles).values(existing).run()
  }
  await refreshMember(tx, serverId, userId)
  if (kept.inviteCodes.length > 0)
    await tx.update(invites).set({ revokedAt: null }).where(inArray(invites.code, kept.inviteCodes)).run()
  return true
}
