import { sql } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import { rolesHeldBy } from "./scope.ts"

const statements = prepare((db) => ({
  held: db
    .select({
      userId: users.id,
      roleIds: sql<string>`(
        select coalesce(string_agg(role_id, ' ' order by role_id), '') from ${rolesHeldBy(sql`users.id`)})`,
    })
    .from(users)
    .where(sql`${users.id} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
}))

const rolesOf = gathered(
  (db, userIds) => statements(db).held.all({ userIds: JSON.stringify(userIds) }),
  ({ userId }) => userId,
)

/** The ids of someone's roles in all their servers, in order. */
export async function listHeldRoleIds(db: Db, userId: string): Promise<string[]> {
  const [held] = await rolesOf(db, userId)
  return held?.roleIds ? held.roleIds.split(" ") : []
}

/** The version of what pages say about someone's roles, given by their ids in order; `undefined` without roles. */
export function heldRolesVersion(roleIds: readonly string[]): string | undefined {
  return roleIds.length > 0 ? Bun.hash(roleIds.join(" ")).toString(36) : undefined
}
