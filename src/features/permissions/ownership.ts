import { and, eq, type SQL, sql } from "drizzle-orm"
import { serverMembers, servers, serverTransfers, users } from "../../../drizzle/schema.ts"
import type { UserIdExpression } from "./columns.ts"
import { refreshMember } from "./derived.ts"
import { watchViewers } from "./viewers.ts"

/** Condition on `servers`: the user owns it; in a conversation, opened it. */
export function isOwnerOf(userId: UserIdExpression): SQL {
  return sql`${servers.ownerId} = ${userId}`
}

/**
 * Makes a member, given by their name, the owner of a server. Returns both names; `undefined` when no person among its
 * members has that name.
 */
export async function changeOwner(
  changes: Parameters<typeof watchViewers>[0],
  serverId: string,
  username: string,
): Promise<{ before: string; after: string } | undefined> {
  const { tx } = changes
  const heir = await tx
    .select({ id: users.id })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .where(
      and(
        eq(serverMembers.serverId, serverId),
        eq(users.username, username),
        sql`${users.botOwnerId} is null`,
      ),
    )
    .get()
  const owner = await tx
    .select({ id: users.id, username: users.username })
    .from(servers)
    .innerJoin(users, eq(users.id, servers.ownerId))
    .where(eq(servers.id, serverId))
    .get()
  if (!heir || !owner) return undefined

  // Who owned it may lose channels that their roles do not show.
  await watchViewers(changes, { serverId, userId: owner.id }, async () => {
    await tx.update(servers).set({ ownerId: heir.id }).where(eq(servers.id, serverId)).run()
    await tx.delete(serverTransfers).where(eq(serverTransfers.serverId, serverId)).run()
    await refreshMember(tx, serverId, owner.id)
    await refreshMember(tx, serverId, heir.id)
  })
  return { before: owner.username, after: username }
}
