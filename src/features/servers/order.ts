import { and, eq, inArray, sql } from "drizzle-orm"
import { serverMembers } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import type { Server } from "./contract.ts"
import { listServers } from "./store.ts"

/** Puts some of a user's servers first, in this order, and returns all. Runs inside a shared commit. */
export async function orderServers(tx: Tx, userId: string, first: string[]): Promise<Server[]> {
  const places = new Map(first.map((id, place) => [id, place]))
  const placeOf = ({ id }: Server) => places.get(id) ?? first.length
  const servers = (await listServers(tx, userId)).toSorted((a, b) => placeOf(a) - placeOf(b))
  if (servers.length === 0) return servers

  // The others get places too, or they would be ordered by those of an earlier call.
  const cases = servers.map(({ id }, position) => sql`when ${id} then cast(${position} as integer)`)
  const ids = servers.map(({ id }) => id)
  await tx
    .update(serverMembers)
    .set({ listPosition: sql`case ${serverMembers.serverId} ${sql.join(cases, sql` `)} end` })
    .where(and(eq(serverMembers.userId, userId), inArray(serverMembers.serverId, ids)))
    .run()
  return servers
}
