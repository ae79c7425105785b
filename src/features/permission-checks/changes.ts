import { and, eq, inArray } from "drizzle-orm"
import { channelOverwrites, memberRoles, roles } from "../../../drizzle/schema.ts"
import type { Commits, Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { listAffected } from "../overwrites/store.ts"
import {
  affectedBy,
  type ComparedScope,
  comparePermissions,
  type PermissionDifference,
} from "../permissions/compare.ts"
import { refreshHolders, refreshMember } from "../permissions/derived.ts"
import type { PermissionChange } from "./contract.ts"

/** Carries the result out of a commit that is rolled back. */
class Tried extends Error {
  constructor(readonly differences: PermissionDifference[] | undefined) {
    super("Tried, and rolled back")
  }
}

interface Asking {
  serverId: string
  viewerId: string
}

/**
 * Makes a change, compares who may do what, and rolls it back. `undefined` when there is too much to compare. Fails: 404 (no
 * such role).
 */
export async function tryChange(
  commits: Commits,
  change: PermissionChange,
  asking: Asking,
): Promise<PermissionDifference[] | undefined> {
  try {
    return await commits.decide(async (tx) => {
      const { bits, scope, write } = await planOf(tx, change, asking)
      throw new Tried(await comparePermissions(tx, scope, affectedBy(bits), { write }))
    })
  } catch (error) {
    if (error instanceof Tried) return error.differences
    throw error
  }
}

interface Plan {
  /** What differs. */
  bits: bigint
  scope: ComparedScope
  write(): Promise<void>
}

async function planOf(tx: Tx, change: PermissionChange, asking: Asking): Promise<Plan> {
  switch (change.kind) {
    case "role":
      return planOfRole(tx, change, asking)
    case "overwrite":
      return planOfOverwrite(tx, { ...change, channelIds: [change.channelId] }, asking)
    case "categoryOverwrite": {
      const channelIds = await listAffected(tx, { kind: "category", id: change.categoryId })
      return planOfOverwrite(tx, { ...change, channelIds }, asking)
    }
    case "memberRole": {
      const { userId, roleId, isGiven } = change
      const [given, taken] = isGiven ? [[roleId], []] : [[], [roleId]]
      return planOfMember(tx, { userId, given, taken }, asking)
    }
    case "memberRoles":
      return planOfMember(tx, change, asking)
  }
}

async function planOfRole(
  tx: Tx,
  { roleId, permissions: set }: Extract<PermissionChange, { kind: "role" }>,
  asking: Asking,
): Promise<Plan> {
  const [role] = await requireRoles(tx, asking, [roleId])
  const permissions = Number(set)
  return {
    bits: BigInt(role?.permissions ?? 0) ^ BigInt(set),
    scope: { ...asking, roleId },
    async write() {
      await tx.update(roles).set({ permissions }).where(eq(roles.id, roleId)).run()
      await refreshHolders(tx, asking.serverId, roleId)
    },
  }
}

/** Fails: 404 (one of them is no role of the server). */
async function requireRoles(tx: Tx, { serverId }: Asking, ids: string[]): Promise<{ permissions: number }[]> {
  if (ids.length === 0) return []
  const found = await tx
    .select({ permissions: roles.permissions })
    .from(roles)
    .where(and(inArray(roles.id, ids), eq(roles.serverId, serverId)))
    .all()
  if (found.length < new Set(ids).size) throw new Refusal("There is no such role", 404)
  return found
}

async function planOfMember(
  tx: Tx,
  {
    userId,
    given,
    taken,
  }: Pick<Extract<PermissionChange, { kind: "memberRoles" }>, "userId" | "given" | "taken">,
  asking: Asking,
): Promise<Plan> {
  const { serverId } = asking
  const ids = [...given, ...taken]
  const changed = await requireRoles(tx, asking, ids)
  const overwrites =
    ids.length === 0
      ? []
      : await tx
          .select({ allow: channelOverwrites.allow, deny: channelOverwrites.deny })
          .from(channelOverwrites)
          .where(inArray(channelOverwrites.targetId, ids))
          .all()
  const inOverwrites = overwrites.reduce((sum, { allow, deny }) => sum | BigInt(allow) | BigInt(deny), 0n)
  return {
    bits: changed.reduce((sum, { permissions }) => sum | BigInt(permissions), inOverwrites),
    scope: { ...asking, userId },
    async write() {
      const rows = given.map((roleId) => ({ serverId, userId, roleId }))
      if (rows.length > 0) await tx.insert(memberRoles).values(rows).onConflictDoNothing().run()
      const ofMember = and(eq(memberRoles.serverId, serverId), eq(memberRoles.userId, userId))
      if (taken.length > 0)
        await tx
          .delete(memberRoles)
          .where(and(ofMember, inArray(memberRoles.roleId, taken)))
          .run()
      await refreshMember(tx, serverId, userId)
    },
  }
}

interface OverwriteChange {
  channelIds: string[]
  targetId: string
  allow: string
  deny: string
}

async function planOfOverwrite(tx: Tx, change: OverwriteChange, asking: Asking): Promise<Plan> {
  const { channelIds, targetId } = change
  const { serverId } = asking
  const [allow, deny] = [BigInt(change.allow), BigInt(change.deny)]
  const rows = and(inArray(channelOverwrites.channelId, channelIds), eq(channelOverwrites.targetId, targetId))
  const stored = channelIds.length === 0 ? [] : await tx.select().from(channelOverwrites).where(rows).all()
  // Synced channels have the same.
  const [found] = stored
  const role = await tx
    .select({ id: roles.id })
    .from(roles)
    .where(and(eq(roles.id, targetId), eq(roles.serverId, serverId)))
    .get()
  const kind = targetId === serverId ? "everyone" : role ? "role" : "member"
  return {
    bits: (BigInt(found?.allow ?? 0) ^ allow) | (BigInt(found?.deny ?? 0) ^ deny),
    scope: {
      ...{ ...asking, channelIds },
      ...(kind === "member" ? { userId: targetId } : { roleId: targetId }),
    },
    async write() {
      if (channelIds.length === 0) return
      await tx.delete(channelOverwrites).where(rows).run()
      if ((allow | deny) === 0n) return
      const values = { targetId, kind, allow: Number(allow), deny: Number(deny) } as const
      await tx
        .insert(channelOverwrites)
        .values(channelIds.map((channelId) => ({ channelId, ...values })))
        .run()
    },
  }
}
