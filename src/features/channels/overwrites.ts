import { and, eq, inArray, sql } from "drizzle-orm"
import { categoryOverwrites, channelOverwrites } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { bitOf, type Permissions } from "../permissions/bits.ts"
import { assertMayChange } from "../permissions/grants.ts"
import type { Standing } from "../permissions/standing.ts"

/** Gives a channel the overwrites of a category, and no others. */
export async function copyOverwrites(tx: Tx, categoryId: string, channelIds: string[]): Promise<void> {
  await tx.delete(channelOverwrites).where(inArray(channelOverwrites.channelId, channelIds)).run()
  const written = await tx
    .select({
      targetId: categoryOverwrites.targetId,
      kind: categoryOverwrites.kind,
      allow: categoryOverwrites.allow,
      deny: categoryOverwrites.deny,
    })
    .from(categoryOverwrites)
    .where(eq(categoryOverwrites.categoryId, categoryId))
    .all()
  const copies = channelIds.flatMap((channelId) => written.map((overwrite) => ({ channelId, ...overwrite })))
  for (let start = 0; start < copies.length; start += maxRows) {
    await tx
      .insert(channelOverwrites)
      .values(copies.slice(start, start + maxRows))
      .run()
  }
}

/** Rows of one insertion: databases limit the number of parameters. */
const maxRows = 1000

/** The presets of a channel: what it denies to everyone. */
export interface AccessPreset {
  isPrivate?: boolean
  isReadOnly?: boolean
}

interface Target {
  channelId: string
  targetId: string
  kind: "everyone" | "member"
}

/** Denies everyone to view a channel, or to send to it, or takes that back. Other bits remain. Fails: 403 (without that permission). */
export async function writeAccess(
  tx: Tx,
  { channelId, serverId }: { channelId: string; serverId: string },
  { standing, preset }: { standing: Standing; preset: AccessPreset },
): Promise<void> {
  const everyone = { channelId, targetId: serverId, kind: "everyone" } as const
  await changeOverwrite(tx, everyone, (before) => {
    const after = withPreset(before, preset)
    assertMayChange(standing, before.allow, after.allow)
    assertMayChange(standing, before.deny, after.deny)
    return after
  })
}

/** What an overwrite of everyone is with a preset. */
export function withPreset({ allow, deny }: Bits, { isPrivate, isReadOnly }: AccessPreset): Bits {
  const bits = [
    [isPrivate, bitOf.viewChannel],
    [isReadOnly, bitOf.sendMessages],
  ] as const
  return {
    allow: bits.reduce((rest, [isDenied, bit]) => (isDenied ? rest & ~bit : rest), allow),
    deny: bits.reduce(
      (rest, [isDenied, bit]) => (isDenied === undefined ? rest : isDenied ? rest | bit : rest & ~bit),
      deny,
    ),
  }
}

/** Allows one member what a channel denies to everyone. */
export async function allowMember(
  tx: Tx,
  channelId: string,
  userId: string,
  bits: Permissions,
): Promise<void> {
  await changeOverwrite(tx, { channelId, targetId: userId, kind: "member" }, ({ allow, deny }) => ({
    allow: allow | bits,
    deny: deny & ~bits,
  }))
}

interface Bits {
  allow: Permissions
  deny: Permissions
}

/** Updates an overwrite; an empty one is deleted. */
async function changeOverwrite(tx: Tx, target: Target, change: (bits: Bits) => Bits): Promise<void> {
  const { channelId, targetId } = target
  const here = and(eq(channelOverwrites.channelId, channelId), eq(channelOverwrites.targetId, targetId))
  const found = await tx
    .select({ allow: channelOverwrites.allow, deny: channelOverwrites.deny })
    .from(channelOverwrites)
    .where(here)
    .get()
  const bits = change({ allow: BigInt(found?.allow ?? 0), deny: BigInt(found?.deny ?? 0) })
  const [allow, deny] = [Number(bits.allow), Number(bits.deny)]
  if (allow === 0 && deny === 0) {
    await tx.delete(channelOverwrites).where(here).run()
    return
  }
  await tx
    .insert(channelOverwrites)
    .values({ ...target, allow, deny })
    .onConflictDoUpdate({
      target: [channelOverwrites.channelId, channelOverwrites.targetId],
      set: { allow: sql`excluded.allow`, deny: sql`excluded.deny` },
    })
    .run()
}
