import { and, eq } from "drizzle-orm"
import { channelOverwrites, memberRoles, roles } from "../../../drizzle/schema.ts"
import type { Commits, Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
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
  if (change.kind === "overwrite") return planOfOverwrite(tx, change, asking)

  const { serverId } = asking
  const { roleId } = change
  const role = await tx
    .select({ permissions: roles.permissions })
    .from(roles)
    .where(and(eq(roles.id, roleId), eq(roles.serverId, serverId)))
    .get()
  if (!role) throw new Refusal("There is no such role", 404)
  if (change.kind === "memberRole")
    return planOfMember(tx, { ...change, permissions: role.permissions }, asking)

  const permissions = Number(change.permissions)
  return {
    bits: BigInt(role.permissions) ^ BigInt(change.permissions),
    scope: { ...asking, roleId },
    async write() {
      await tx.update(roles).set({ permissions }).where(eq(roles.id, roleId)).run()
      await refreshHolders(tx, serverId, roleId)
    },
  }
}

async function planOfMember(
  tx: Tx,
  {
    roleId,
    userId,
    isGiven,
    permissions,
  }: Extract<PermissionChange, { kind: "memberRole" }> & { permissions: number },
  asking: Asking,
): Promise<Plan> {
  const { serverId } = asking
  const overwrites = await tx
    .select({ allow: channelOverwrites.allow, deny: channelOverwrites.deny })
    .from(channelOverwrites)
    .where(eq(channelOverwrites.targetId, roleId))
    .all()
  const row = and(
    eq(memberRoles.serverId, serverId),
    eq(memberRoles.userId, userId),
    eq(memberRoles.roleId, roleId),
  )
  return {
    bits: overwrites.reduce(
      (sum, { allow, deny }) => sum | BigInt(allow) | BigInt(deny),
      BigInt(permissions),
    ),
    scope: { ...asking, userId },
    async write() {
      if (isGiven)
        await tx.insert(memberRoles).values({ serverId, userId, roleId }).onConflictDoNothing().run()
      else await tx.delete(memberRoles).where(row).run()
      await refreshMember(tx, serverId, userId)
    },
  }
}

async function planOfOverwrite(
  tx: Tx,
  change: Extract<PermissionChange, { kind: "overwrite" }>,
  asking: Asking,
): Promise<Plan> {
  const { channelId, targetId } = change
  const { serverId } = asking
  const [allow, deny] = [BigInt(change.allow), BigInt(change.deny)]
  const row = and(eq(channelOverwrites.channelId, channelId), eq(channelOverwrites.targetId, targetId))
  const found = await tx.select().from(channelOverwrites).where(row).get()
  const role = await tx
    .select({ id: roles.id })
    .from(roles)
    .where(and(eq(roles.id, targetId), eq(roles.serverId, serverId)))
    .get()
  const kind = targetId === serverId ? "everyone" : role ? "role" : "member"
  return {
    bits: (BigInt(found?.allow ?? 0) ^ allow) | (BigInt(found?.deny ?? 0) ^ deny),
    scope: {
      ...{ ...asking, channelIds: [channelId] },
      ...(kind === "member" ? { userId: targetId } : { roleId: targetId }),
    },
    async write() {
      await tx.delete(channelOverwrites).where(row).run()
      if ((allow | deny) === 0n) return
      const values = { channelId, targetId, kind, allow: Number(allow), deny: Number(deny) } as const
      await tx.insert(channelOverwrites).values(values).run()
    },
  }
}
