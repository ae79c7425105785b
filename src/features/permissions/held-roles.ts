import { sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { rolesHeldBy } from "./scope.ts"

const statements = prepare((db) => ({
  held: db
    .select({ roleId: sql<string>`role_id` })
    .from(rolesHeldBy(sql.placeholder("userId")))
    .orderBy(sql`role_id`)
    .prepare(),
}))

/** The ids of someone's roles in all their servers, in order. */
export async function listHeldRoleIds(db: Db, userId: string): Promise<string[]> {
  return (await statements(db).held.all({ userId })).map(({ roleId }) => roleId)
}

/** The version of what pages say about someone's roles, given by their ids in order; `undefined` without roles. */
export function heldRolesVersion(roleIds: readonly string[]): string | undefined {
  return roleIds.length > 0 ? Bun.hash(roleIds.join(" ")).toString(36) : undefined
}
