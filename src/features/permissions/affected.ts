import { type SQL, sql } from "drizzle-orm"
import type { Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"

/** What a change can affect. Missing fields do not narrow it. */
export interface AffectedScope {
  serverId: string
  /** One member. */
  userId?: string
  /** Those who have the role before the change; the server's id for everyone. */
  roleId?: string
  /** Channels without threads: those follow the channel that they are in. */
  channelIds?: string[]
}

/** Members of a server that a change can affect. */
export interface AffectedMembers {
  /** A condition on a user's id. */
  isOf(userId: SQL): SQL
  count: number
}

/** Finds them before the change: a member may not have the role any more after it. */
export async function findAffectedMembers(
  tx: Tx,
  { serverId, userId, roleId }: AffectedScope,
): Promise<AffectedMembers> {
  if (userId !== undefined) return { isOf: (id) => sql`${id} = ${userId}`, count: 1 }
  if (roleId !== undefined && roleId !== serverId) {
    const holders = await tx.all<{ id: string }>(
      sql`select user_id as id from member_roles where role_id = ${roleId}`,
    )
    const ids = JSON.stringify(holders.map(({ id }) => id))
    return { isOf: (id) => sql`${id} in ${textsIn(tx, ids)}`, count: holders.length }
  }
  const [members] = await tx.all<{ count: number }>(
    sql`select count(*) as count from server_members where server_id = ${serverId}`,
  )
  return { isOf: () => sql`true`, count: Number(members?.count ?? 0) }
}
