import { and, eq, inArray } from "drizzle-orm"
import { memberRoles, roles } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"

/** Does a member have one of these roles? All members have `@everyone`, whose id is the server's. */
export async function holdsAny(
  db: Db,
  { serverId, userId }: { serverId: string; userId: string },
  roleIds: readonly string[],
): Promise<boolean> {
  if (roleIds.length === 0) return false
  const held = await db
    .select({ roleId: memberRoles.roleId })
    .from(memberRoles)
    .where(
      and(
        eq(memberRoles.serverId, serverId),
        eq(memberRoles.userId, userId),
        inArray(memberRoles.roleId, [...roleIds]),
      ),
    )
    .limit(1)
    .all()
  return held.length > 0
}

/** The roles of a server with their positions and permissions, `@everyone` first. */
export async function listRolesOf(db: Db, serverId: string) {
  return db
    .select({
      id: roles.id,
      name: roles.name,
      position: roles.position,
      permissions: roles.permissions,
      color: roles.color,
    })
    .from(roles)
    .where(eq(roles.serverId, serverId))
    .orderBy(roles.position, roles.id)
    .all()
}
