import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { can } from "../permissions/can.ts"
import { assertMayChange } from "../permissions/grants.ts"
import type { Identity, Standing } from "../permissions/standing.ts"
import { findChannelAccess } from "../permissions/store.ts"
import type { PermissionOverwrite } from "./contract.ts"
import { listOverwrites } from "./store.ts"

/** Throws unless the viewer has, in that place, all permissions that would change. Source: Discord. Fails: 403. */
export function assertMayReplace(
  standing: Standing,
  before: Pick<PermissionOverwrite, "allow" | "deny"> | undefined,
  after: Pick<PermissionOverwrite, "allow" | "deny"> | undefined,
): void {
  for (const side of ["allow", "deny"] as const)
    assertMayChange(standing, BigInt(before?.[side] ?? 0), BigInt(after?.[side] ?? 0))
}

/** The same for all overwrites of a place. */
export function assertMayReplaceAll(
  standing: Standing,
  before: PermissionOverwrite[],
  after: PermissionOverwrite[],
): void {
  const ofId = (list: PermissionOverwrite[], id: string) => list.find((overwrite) => overwrite.id === id)
  for (const id of new Set([...before, ...after].map((overwrite) => overwrite.id)))
    assertMayReplace(standing, ofId(before, id), ofId(after, id))
}

/** May a member give a channel the overwrites of a category? */
export async function mayCopy(
  tx: Tx,
  viewer: Identity,
  { channelId, categoryId }: { channelId: string; categoryId: string },
): Promise<boolean> {
  const access = await findChannelAccess(tx, viewer, channelId)
  if (!access) return false

  const before = await listOverwrites(tx, { kind: "channel", id: channelId })
  const after = await listOverwrites(tx, { kind: "category", id: categoryId })
  if (Bun.deepEquals(before, after)) return true
  if (!can(access.standing, "manageRoles")) return false
  try {
    assertMayReplaceAll(access.standing, before, after)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
