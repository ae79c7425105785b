import { and, asc, count, desc, eq, gt, sql } from "drizzle-orm"
import { categoryOverwrites, channelOverwrites, memberRoles, roles, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { refreshHolders, refreshMember } from "../permissions/derived.ts"
import type { Role } from "./contract.ts"
import { type ColoredRole, coloredAsJson, parseColored } from "./looks.ts"

const columns = {
  id: roles.id,
  serverId: roles.serverId,
  name: roles.name,
  color: roles.color,
  hoist: roles.hoist,
  mentionable: roles.mentionable,
  position: roles.position,
  permissions: sql<string>`${roles.permissions}`.mapWith(String),
}

const serverId = sql.placeholder("serverId")
const roleId = sql.placeholder("roleId")

const statements = prepare((db) => ({
  list: db
    .select(columns)
    .from(roles)
    .where(eq(roles.serverId, serverId))
    .orderBy(desc(roles.position), asc(roles.id))
    .prepare(),
  find: db
    .select(columns)
    .from(roles)
    .where(and(eq(roles.id, roleId), eq(roles.serverId, serverId)))
    .prepare(),
  counted: db
    .select({
      ...columns,
      members: sql<number>`(select count(*) from member_roles mr where mr.role_id = ${roles.id})`.mapWith(
        Number,
      ),
    })
    .from(roles)
    .where(eq(roles.serverId, serverId))
    .orderBy(desc(roles.position), asc(roles.id))
    .prepare(),
  colored: db
    .select({ colored: coloredAsJson(db, serverId) })
    .from(sql`(select 1) as one`)
    .prepare(),
  count: db.select({ count: count() }).from(roles).where(eq(roles.serverId, serverId)).prepare(),
  holders: db
    .select({ userId: users.id, username: users.username })
    .from(memberRoles)
    .innerJoin(users, eq(users.id, memberRoles.userId))
    .where(eq(memberRoles.roleId, roleId))
    .orderBy(asc(users.username))
    .limit(sql.placeholder("limit"))
    .prepare(),
}))

/** A server's roles, highest first. */
export async function listRoles(db: Db, serverId: string): Promise<Role[]> {
  return statements(db).list.all({ serverId })
}

/** The same, each with the number of members who have it; 0 for `@everyone`. */
export async function listCountedRoles(db: Db, serverId: string): Promise<(Role & { members: number })[]> {
  return statements(db).counted.all({ serverId })
}

/** A role of this server. */
export async function findRole(
  db: Db,
  { serverId, roleId }: { serverId: string; roleId: string },
): Promise<Role | undefined> {
  return statements(db).find.get({ serverId, roleId })
}

export async function countRoles(db: Db, serverId: string): Promise<number> {
  return (await statements(db).count.get({ serverId }))?.count ?? 0
}

/** A server's roles that have a color, highest first, with the members whose names have it. */
export async function listColoredRoles(db: Db, serverId: string): Promise<ColoredRole[]> {
  const row = await statements(db).colored.get({ serverId })
  return parseColored(row?.colored ?? "[]")
}

/** The members with a role by name. Not for `@everyone`, which has no rows. */
export async function listHolders(db: Db, roleId: string, limit: number) {
  return statements(db).holders.all({ roleId, limit })
}

type NewRole = Omit<Role, "position">

/** Stores a role below all others but `@everyone`. */
export async function insertRole(tx: Tx, role: NewRole): Promise<Role> {
  await tx
    .update(roles)
    .set({ position: sql`${roles.position} + 1` })
    .where(and(eq(roles.serverId, role.serverId), gt(roles.position, 0)))
    .run()
  const stored = { ...role, position: 1 }
  await tx
    .insert(roles)
    .values({ ...stored, permissions: Number(role.permissions) })
    .run()
  return stored
}

/** Changes a role, and what its members may do. */
export async function updateRole(tx: Tx, role: Role, fields: Partial<NewRole>): Promise<Role> {
  const { permissions, ...others } = fields
  const changed = permissions === undefined ? others : { ...others, permissions: Number(permissions) }
  if (Object.keys(changed).length > 0) await tx.update(roles).set(changed).where(eq(roles.id, role.id)).run()
  if (permissions !== undefined) await refreshHolders(tx, role.serverId, role.id)
  return { ...role, ...others, ...(permissions !== undefined && { permissions }) }
}

/** Deletes a role with its overwrites. Those above move down, so that positions have no gaps. */
export async function deleteRole(tx: Tx, role: Role): Promise<void> {
  await updateRole(tx, role, { permissions: "0" })
  await tx.delete(channelOverwrites).where(eq(channelOverwrites.targetId, role.id)).run()
  await tx.delete(categoryOverwrites).where(eq(categoryOverwrites.targetId, role.id)).run()
  await tx.delete(roles).where(eq(roles.id, role.id)).run()
  await tx
    .update(roles)
    .set({ position: sql`${roles.position} - 1` })
    .where(and(eq(roles.serverId, role.serverId), gt(roles.position, role.position)))
    .run()
}

export async function updatePosition(tx: Tx, { id, position }: Pick<Role, "id" | "position">): Promise<void> {
  await tx.update(roles).set({ position }).where(eq(roles.id, id)).run()
}

interface Holding {
  serverId: string
  userId: string
  roleId: string
}

/** `false` when the member has the role already. */
export async function insertHolding(tx: Tx, holding: Holding): Promise<boolean> {
  const added = await tx.insert(memberRoles).values(holding).onConflictDoNothing().returning().all()
  if (added.length > 0) await refreshMember(tx, holding.serverId, holding.userId)
  return added.length > 0
}

/** `false` when the member does not have the role. */
export async function deleteHolding(tx: Tx, { serverId, userId, roleId }: Holding): Promise<boolean> {
  const ofMember = and(eq(memberRoles.serverId, serverId), eq(memberRoles.userId, userId))
  const removed = await tx
    .delete(memberRoles)
    .where(and(ofMember, eq(memberRoles.roleId, roleId)))
    .returning()
    .all()
  if (removed.length > 0) await refreshMember(tx, serverId, userId)
  return removed.length > 0
}
