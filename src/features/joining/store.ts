import { and, count, eq, gt, inArray, isNull, sql } from "drizzle-orm"
import { channels, joinSettings, memberRoles, serverMembers, servers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"
import type { JoinSettings } from "./contract.ts"

const serverId = sql.placeholder("serverId")
const userId = sql.placeholder("userId")
const ofMember = and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, userId))

const statements = prepare((db) => ({
  settings: db.select().from(joinSettings).where(eq(joinSettings.serverId, serverId)).prepare(),
  accepted: db.select({ at: serverMembers.acceptedRulesAt }).from(serverMembers).where(ofMember).prepare(),
  answers: db.select({ answers: serverMembers.joinAnswers }).from(serverMembers).where(ofMember).prepare(),
  roles: db
    .select({ roleId: memberRoles.roleId })
    .from(memberRoles)
    .where(and(eq(memberRoles.serverId, serverId), eq(memberRoles.userId, userId)))
    .prepare(),
  place: db
    .select({ name: servers.name, systemChannelId: servers.systemChannelId })
    .from(servers)
    .where(eq(servers.id, serverId))
    .prepare(),
}))

const unset: Omit<JoinSettings, "serverId"> = {
  ...{ rules: "", questions: [], defaultChannelIds: [], welcome: "" },
  ...{ minAccountMinutes: 0, minMemberMinutes: 0, raidJoinsPerMinute: 0, raidLockedUntil: null },
}

/** How people join a server. What was never set is empty. */
export async function findJoinSettings(db: Db, serverId: string): Promise<JoinSettings> {
  const row = await statements(db).settings.get({ serverId })
  return (row ?? { serverId, ...unset }) as JoinSettings
}

export async function updateJoinSettings(
  tx: Tx,
  serverId: string,
  change: Partial<Omit<JoinSettings, "serverId">>,
): Promise<void> {
  await tx
    .insert(joinSettings)
    .values({ serverId, ...change })
    .onConflictDoUpdate({ target: joinSettings.serverId, set: { serverId, ...change } })
    .run()
}

/** The channels of a server among these ids, without threads; with a viewer, those that they may read. */
export async function listChannelsAmong(
  db: Db,
  { serverId, viewerId }: { serverId: string; viewerId?: string },
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return []
  const found = await db
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(
      and(
        eq(channels.serverId, serverId),
        isNull(channels.parentId),
        isNull(channels.archivedAt),
        inArray(channels.id, [...ids]),
        viewerId === undefined ? undefined : readableBy(sql`${viewerId}`),
      ),
    )
    .all()
  return found.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
}

/** When a member accepted the rules; `null`: not yet. */
export async function findAcceptance(db: Db, serverId: string, userId: string): Promise<Date | null> {
  return (await statements(db).accepted.get({ serverId, userId }))?.at ?? null
}

/** Has one member, or all, accept the rules that have not yet. */
export async function acceptRules(tx: Tx, serverId: string, userId?: string): Promise<void> {
  const members = and(eq(serverMembers.serverId, serverId), isNull(serverMembers.acceptedRulesAt))
  await tx
    .update(serverMembers)
    .set({ acceptedRulesAt: new Date() })
    .where(userId === undefined ? members : and(members, eq(serverMembers.userId, userId)))
    .run()
}

/** Has all members accept the rules again before they write. */
export async function forgetAcceptances(tx: Tx, serverId: string): Promise<void> {
  await tx
    .update(serverMembers)
    .set({ acceptedRulesAt: null })
    .where(eq(serverMembers.serverId, serverId))
    .run()
}

/** The ids of the answers that a member chose. */
export async function findAnswers(db: Db, serverId: string, userId: string): Promise<Set<string>> {
  const { answers } = (await statements(db).answers.get({ serverId, userId })) ?? {}
  return new Set(Object.values(answers ?? {}).flat())
}

/** Stores the answers that a member chose, by question. */
export async function updateAnswers(
  tx: Tx,
  { serverId, userId }: { serverId: string; userId: string },
  joinAnswers: Record<string, string[]>,
): Promise<void> {
  await tx
    .update(serverMembers)
    .set({ joinAnswers })
    .where(and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, userId)))
    .run()
}

/** The ids of a member's roles. */
export async function listHeldRoles(db: Db, serverId: string, userId: string): Promise<Set<string>> {
  const held = await statements(db).roles.all({ serverId, userId })
  return new Set(held.map(({ roleId }) => roleId))
}

/** The name of a server, and where it announces joins. */
export async function findSystemPlace(db: Db, serverId: string) {
  return statements(db).place.get({ serverId })
}

/** How many members joined a server since a time. Reads the members of that server alone. */
export async function countJoins(db: Db, serverId: string, since: Date): Promise<number> {
  const joined = and(eq(serverMembers.serverId, serverId), gt(serverMembers.joinedAt, since))
  return (await db.select({ joins: count() }).from(serverMembers).where(joined).get())?.joins ?? 0
}
