import { and, asc, count, eq, inArray, isNull, lt, or, sql } from "drizzle-orm"
import { automodRules, channels, serverMembers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"
import type { AutomodRule } from "./contract.ts"

const serverId = sql.placeholder("serverId")

const statements = prepare((db) => ({
  list: db
    .select()
    .from(automodRules)
    .where(eq(automodRules.serverId, serverId))
    .orderBy(asc(automodRules.createdAt), asc(automodRules.id))
    .prepare(),
  enabled: db
    .select()
    .from(automodRules)
    .where(and(eq(automodRules.serverId, serverId), eq(automodRules.isEnabled, true)))
    .orderBy(asc(automodRules.createdAt), asc(automodRules.id))
    .prepare(),
  find: db
    .select()
    .from(automodRules)
    .where(eq(automodRules.id, sql.placeholder("id")))
    .prepare(),
  channels: db
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(
      and(
        eq(channels.serverId, serverId),
        isNull(channels.parentId),
        readableBy(sql.placeholder("viewerId")),
      ),
    )
    .orderBy(asc(channels.name), asc(channels.id))
    .prepare(),
}))

// The columns of JSON are written by the functions below alone, which take what the contract has validated.

/** A server's rules, oldest first. */
export async function listAutomodRules(db: Db, serverId: string): Promise<AutomodRule[]> {
  return (await statements(db).list.all({ serverId })) as AutomodRule[]
}

export async function listEnabledRules(db: Db, serverId: string): Promise<AutomodRule[]> {
  return (await statements(db).enabled.all({ serverId })) as AutomodRule[]
}

export async function findAutomodRule(db: Db, id: string): Promise<AutomodRule | undefined> {
  return (await statements(db).find.get({ id })) as AutomodRule | undefined
}

export async function insertAutomodRule(tx: Tx, rule: AutomodRule): Promise<void> {
  await tx.insert(automodRules).values(rule).run()
}

export async function updateAutomodRule(tx: Tx, { id, serverId: _, ...rule }: AutomodRule): Promise<void> {
  await tx.update(automodRules).set(rule).where(eq(automodRules.id, id)).run()
}

/** `false` when there is no such rule. */
export async function deleteAutomodRule(tx: Tx, id: string): Promise<boolean> {
  return (await tx.delete(automodRules).where(eq(automodRules.id, id)).returning().all()).length > 0
}

/** How many of these ids are channels of the server, without threads. */
export async function countChannelsAmong(db: Db, serverId: string, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const found = await db
    .select({ count: count() })
    .from(channels)
    .where(and(eq(channels.serverId, serverId), isNull(channels.parentId), inArray(channels.id, [...ids])))
    .get()
  return found?.count ?? 0
}

/** The channels of a server that a user may read, by name, for a form to choose from. */
export async function listChannelsToChoose(db: Db, serverId: string, viewerId: string) {
  return statements(db).channels.all({ serverId, viewerId })
}

/** Times a member out, unless they are for longer. `false` when nothing changed: the author is no member, too. */
export async function extendTimeout(
  tx: Tx,
  { serverId, userId }: { serverId: string; userId: string },
  until: Date,
): Promise<boolean> {
  const changed = await tx
    .update(serverMembers)
    .set({ timedOutUntil: until })
    .where(
      and(
        eq(serverMembers.serverId, serverId),
        eq(serverMembers.userId, userId),
        or(isNull(serverMembers.timedOutUntil), lt(serverMembers.timedOutUntil, until)),
      ),
    )
    .returning({ userId: serverMembers.userId })
    .all()
  return changed.length > 0
}
